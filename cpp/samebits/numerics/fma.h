// fma(a, b, c) in binary32, rounded once, on CPUs with and without the instruction. Internal linkage (see order.h).
#pragma once

#include <cstdint>

namespace samebits::numerics {

// Without the instruction: the product is exact in binary64 (24 + 24 <= 53 bits); the sum is rounded to odd there, so that
// the last rounding, to binary32, sees on which side of a tie the exact value lies (Boldo and Melquiond, 2008).
static inline __attribute__((always_inline)) float fma_in_double(float a, float b, float c) {
    const double p = static_cast<double>(a) * static_cast<double>(b);
    const double x = static_cast<double>(c);
    const double sum = p + x;
    const double x_part = sum - p;
    const double error = (p - (sum - x_part)) + (x - x_part);  // exact (Knuth's TwoSum); NaN when something is infinite
    auto bits = __builtin_bit_cast(std::uint64_t, sum);
    // An inexact, even sum moves one step towards the error: away from zero when both have one sign.
    const bool move = (error > 0 || error < 0) && (bits & 1U) == 0;
    const std::uint64_t away = (error > 0) == (sum > 0) ? 1 : ~std::uint64_t{0};
    bits += move ? away : 0;
    return static_cast<float>(__builtin_bit_cast(double, bits));
}

static inline __attribute__((always_inline)) float fma(float a, float b, float c) {
#if defined(__FP_FAST_FMAF) || defined(__CUDA_ARCH__)
    return __builtin_fmaf(a, b, c);
#else
    return fma_in_double(a, b, c);
#endif
}

}  // namespace samebits::numerics
