// SPDX-License-Identifier: Apache-2.0

#include "json_strings.h"

#ifdef __x86_64__

#include <immintrin.h>

/// For eight bytes, by which of them are escaped: which byte goes where. Eight and above stand for a backslash.
static uint8_t orders[256][16];

__attribute__((constructor))
static void fill_orders(void) {
    for (int escaped = 0; escaped < 256; escaped++) {
        int end = 0;
        for (int byte = 0; byte < 8; byte++) {
            if (escaped >> byte & 1) orders[escaped][end++] = 8;
            orders[escaped][end++] = (uint8_t)byte;
        }
    }
}

/// Writes the low half of `bytes`, whose high half are backslashes. Returns how many bytes that made.
__attribute__((target("avx2,popcnt"), always_inline))
static inline size_t write_eight(__m128i bytes, uint32_t escaped, uint8_t *output) {
    __m128i order = _mm_loadu_si128((const __m128i *)orders[escaped]);
    _mm_storeu_si128((__m128i *)output, _mm_shuffle_epi8(bytes, order));
    return 8 + (size_t)__builtin_popcount(escaped);
}

__attribute__((target("avx2,popcnt")))
static qp_escaped_string escape(const uint8_t *text, size_t count, uint8_t *output) {
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1F);
    qp_escaped_string done = {0, 0};
    while (done.read + 16 <= count) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(text + done.read));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes))) break;
        uint32_t escaped = (uint32_t)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        done.written += write_eight(_mm_unpacklo_epi64(bytes, backslash), escaped & 0xFF, output + done.written);
        done.written += write_eight(_mm_unpackhi_epi64(bytes, backslash), escaped >> 8, output + done.written);
        done.read += 16;
    }
    return done;
}

qp_escaped_string qp_escape_string(const uint8_t *text, size_t count, uint8_t *output) {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) return escape(text, count, output);
    return (qp_escaped_string){0, 0};
}

#else

qp_escaped_string qp_escape_string(const uint8_t *text, size_t count, uint8_t *output) {
    return (qp_escaped_string){0, 0};
}

#endif
