// SPDX-License-Identifier: Apache-2.0
#ifndef QWENPROXY_CCRYPTO_SHIM_H
#define QWENPROXY_CCRYPTO_SHIM_H

#include <stddef.h>
#include <openssl/evp.h>

/// SHA-256 (EVP_Digest(3)) of `count` bytes at `data` into the 32 bytes at `digest`. Returns 1, or 0 on failure. libcrypto is
/// there anyway: libcurl brings it.
static inline int qwenproxy_sha256(const void *data, size_t count, unsigned char *digest) {
    return EVP_Digest(data, count, digest, NULL, EVP_sha256(), NULL);
}

#endif
