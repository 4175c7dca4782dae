// SPDX-License-Identifier: Apache-2.0
// sd_notify and friends are plain functions, so Swift imports them as they are; only the headers must be named.
#pragma once
#include <stdlib.h>
#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
