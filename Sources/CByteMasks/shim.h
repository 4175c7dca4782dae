// SPDX-License-Identifier: Apache-2.0

// Swift has no operation that gathers one bit of each lane of a vector, which takes one instruction on x86-64 and few on
// arm64. It is a function of values, so nothing about it is unsafe; and these are the compiler's generic vectors, so it
// is the same for all processors.
#pragma once

#include <stdint.h>

typedef signed char qp_lanes __attribute__((ext_vector_type(16)));

/// A bit for each lane that is negative, as the lanes of a mask are where it is true. The first lane's is the lowest.
static inline uint16_t qp_bits_of_lanes(qp_lanes lanes) {
    typedef _Bool qp_bits __attribute__((ext_vector_type(16)));
    return __builtin_bit_cast(uint16_t, __builtin_convertvector(lanes < (qp_lanes)0, qp_bits));
}
