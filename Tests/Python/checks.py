# SPDX-License-Identifier: Apache-2.0
"""Functions that check something, and what runs them: one line per check, `ok NAME` or `FAILED NAME: why`."""

import sys

_checks = []


def check(function):
    _checks.append(function)
    return function


def run():
    failures = 0
    for function in _checks:
        try:
            function()
        except Exception as error:  # Whatever it is: it is this check's failure, and the others still run.
            failures += 1
            print(f"FAILED {function.__name__}: {type(error).__name__}: {error}".replace("\n", " "))
        else:
            print(f"ok {function.__name__}")
    sys.exit(1 if failures else 0)
