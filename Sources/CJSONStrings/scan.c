// SPDX-License-Identifier: Apache-2.0

#include "json_strings.h"

#ifdef __x86_64__

#include <immintrin.h>

#define WITH_AVX2 __attribute__((target("avx2,bmi"), always_inline)) static inline

enum { block = 64 };

/// Sixty-four bytes.
typedef struct {
    __m256i low, high;
} bytes64;

/// A bit for each byte whose highest bit is set; the first byte's is the lowest.
WITH_AVX2 uint64_t bits(__m256i low, __m256i high) {
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

WITH_AVX2 uint64_t places(bytes64 text, char byte) {
    __m256i wanted = _mm256_set1_epi8(byte);
    return bits(_mm256_cmpeq_epi8(text.low, wanted), _mm256_cmpeq_epi8(text.high, wanted));
}

WITH_AVX2 uint64_t controls(bytes64 text) {
    __m256i highest = _mm256_set1_epi8(0x1F);
    return bits(_mm256_cmpeq_epi8(_mm256_min_epu8(text.low, highest), text.low),
                _mm256_cmpeq_epi8(_mm256_min_epu8(text.high, highest), text.high));
}

// What can be wrong with two bytes in a row, as Keiser and Lemire tell it in "Validating UTF-8 In Less Than One
// Instruction Per Byte" (2021): each of three half bytes rules some of it out, and what all three leave is the case.
enum {
    too_short = 1 << 0,        // a lead, then no continuation
    too_long = 1 << 1,         // ASCII, then a continuation
    overlong_3 = 1 << 2,       // E0, then less than A0
    too_large = 1 << 3,        // F4, then more than 8F; F5 and above
    surrogate = 1 << 4,        // ED, then more than 9F
    overlong_2 = 1 << 5,       // C0 or C1
    overlong_4 = 1 << 6,       // F0, then less than 90
    too_large_1000 = 1 << 6,   // F5 and above, then less than 90
    two_continuations = 1 << 7 // fine after a lead of three or four bytes, which is looked at apart
};
enum { by_lead = too_short | too_long | two_continuations };
enum { by_continuation = too_long | overlong_2 | two_continuations };

#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

/// Not zero where `text` is no UTF-8, given the thirty-two bytes before it.
WITH_AVX2 __m256i malformed(__m256i text, __m256i before) {
    __m256i across = _mm256_permute2x128_si256(before, text, 0x21);
    __m256i back1 = _mm256_alignr_epi8(text, across, 15);
    __m256i back2 = _mm256_alignr_epi8(text, across, 14);
    __m256i back3 = _mm256_alignr_epi8(text, across, 13);
    __m256i half = _mm256_set1_epi8(0x0F);

    __m256i by_first_high = _mm256_shuffle_epi8(
        TABLE(too_long, too_long, too_long, too_long, too_long, too_long, too_long, too_long, // 0...7
              (char)two_continuations, (char)two_continuations, (char)two_continuations, (char)two_continuations, // 8...B
              too_short | overlong_2, too_short, too_short | overlong_3 | surrogate, // C, D, E
              too_short | too_large | too_large_1000 | overlong_4), // F
        _mm256_and_si256(_mm256_srli_epi16(back1, 4), half));
    enum { beyond = (char)(by_lead | too_large | too_large_1000) };
    __m256i by_first_low = _mm256_shuffle_epi8(
        TABLE((char)(by_lead | overlong_3 | overlong_2 | overlong_4), (char)(by_lead | overlong_2), // 0, 1
              (char)by_lead, (char)by_lead, (char)(by_lead | too_large), // 2, 3, 4
              beyond, beyond, beyond, beyond, beyond, beyond, beyond, beyond, // 5...C
              (char)(beyond | surrogate), beyond, beyond), // D, E, F
        _mm256_and_si256(back1, half));
    __m256i by_second_high = _mm256_shuffle_epi8(
        TABLE(too_short, too_short, too_short, too_short, too_short, too_short, too_short, too_short, // 0...7
              (char)(by_continuation | overlong_3 | too_large_1000 | overlong_4), // 8
              (char)(by_continuation | overlong_3 | too_large), // 9
              (char)(by_continuation | surrogate | too_large), (char)(by_continuation | surrogate | too_large), // A, B
              too_short, too_short, too_short, too_short), // C...F
        _mm256_and_si256(_mm256_srli_epi16(text, 4), half));
    __m256i pairs = _mm256_and_si256(_mm256_and_si256(by_first_high, by_first_low), by_second_high);

    // The third byte of three and four, and the fourth: a second continuation must stand there, and nowhere else.
    __m256i third = _mm256_subs_epu8(back2, _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(back3, _mm256_set1_epi8(0xF0 - 0x80));
    __m256i continued = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(continued, pairs);
}

/// A bit for each `\\`, `n`, `r` and `t`. No two of them end in the same half byte, so each half byte has one candidate.
WITH_AVX2 uint64_t common_after_backslash(bytes64 text) {
    // What no byte that ends in 0 is.
    const char no_zero = 1;
    __m256i candidates = TABLE(no_zero, 0, 'r', 0, 't', 0, 0, 0, 0, 0, 0, 0, '\\', 0, 'n', 0);
    return bits(_mm256_cmpeq_epi8(_mm256_shuffle_epi8(candidates, text.low), text.low),
                _mm256_cmpeq_epi8(_mm256_shuffle_epi8(candidates, text.high), text.high));
}

/// A bit for each byte at which the text is not well-formed. Behind an ASCII character or nothing the text begins anew.
WITH_AVX2 uint64_t malformed_places(bytes64 text) {
    __m256i none = _mm256_setzero_si256();
    __m256i low = malformed(text.low, none);
    __m256i high = malformed(text.high, text.low);
    __m256i any = _mm256_or_si256(low, high);
    if (_mm256_testz_si256(any, any)) return 0;
    return ~bits(_mm256_cmpeq_epi8(low, none), _mm256_cmpeq_epi8(high, none));
}

/// How many bytes at the end of a block belong to a character that goes on after it.
WITH_AVX2 size_t cut_bytes(const uint8_t *text) {
    if (text[block - 1] >= 0xC0) return 1;
    if (text[block - 2] >= 0xE0) return 2;
    return text[block - 3] >= 0xF0 ? 3 : 0;
}

__attribute__((target("avx2,bmi")))
static qp_scanned_string scan(const uint8_t *bytes, size_t position, size_t count) {
    bool has_escapes = false;
    while (position + block <= count) {
        const uint8_t *start = bytes + position;
        bytes64 text = {_mm256_loadu_si256((const __m256i *)start), _mm256_loadu_si256((const __m256i *)(start + 32))};
        uint64_t quotes = places(text, '"');
        uint64_t backslashes = places(text, '\\');
        uint64_t rare = controls(text);
        uint64_t escapes = 0;
        if (backslashes) {
            // In a row of backslashes each other one is escaped. Subtracting the row from the odd bits carries through
            // it, and so tells on which side the row began.
            const uint64_t odd = 0xAAAAAAAAAAAAAAAA;
            uint64_t codes = ((backslashes << 1 | odd) - backslashes) ^ odd;
            uint64_t escaped = codes ^ backslashes;
            uint64_t common = quotes | common_after_backslash(text);
            escapes = codes & backslashes;
            quotes &= ~escaped;
            rare |= escaped & ~common;
        }
        // All bits up to the first quote, or all there are.
        uint64_t inside = quotes ^ (quotes - 1);
        uint64_t multibyte = bits(text.low, text.high) & inside;
        if (multibyte) rare |= malformed_places(text);
        if (rare & inside) break;
        has_escapes |= (escapes & inside) != 0;
        if (quotes) return (qp_scanned_string){position + _tzcnt_u64(quotes), true, has_escapes};
        position += block;
        // The next block begins with the character or the escape that this one would cut. Few are cut: the processor counts
        // on that and reads the next block before it knows.
        if (__builtin_expect(escapes >> 63 | multibyte >> (block - 3), 0)) position -= (escapes >> 63) + cut_bytes(start);
    }
    return (qp_scanned_string){position, false, has_escapes};
}

qp_scanned_string qp_scan_string(const uint8_t *bytes, size_t position, size_t count) {
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) return scan(bytes, position, count);
    return (qp_scanned_string){position, false, false};
}

#else

qp_scanned_string qp_scan_string(const uint8_t *bytes, size_t position, size_t count) {
    return (qp_scanned_string){position, false, false};
}

#endif
