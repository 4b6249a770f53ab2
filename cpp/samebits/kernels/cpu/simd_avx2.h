// Sixteen floats at a time as two AVX2 registers. The same names as simd_avx512.h.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "samebits/numerics/sabotage.h"

#define SAMEBITS_ISA avx2
#define SAMEBITS_INLINE static inline __attribute__((always_inline))
#define SAMEBITS_FUNCTION SAMEBITS_INLINE

namespace samebits::kernels::avx2 {

constexpr std::int64_t width = 16;
constexpr bool fma_is_long = false;

struct F32 {
    __m256 lo, hi;
};
struct Mask {
    __m256 lo, hi;
};

// All bits set in the first n of 8 lanes.
SAMEBITS_INLINE __m256i first_of_8(std::int64_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

SAMEBITS_INLINE Mask first_lanes(std::int64_t n) {
    return {_mm256_castsi256_ps(first_of_8(n)), _mm256_castsi256_ps(first_of_8(n - 8))};
}

SAMEBITS_INLINE F32 zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
SAMEBITS_INLINE F32 set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
SAMEBITS_INLINE F32 load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
SAMEBITS_INLINE F32 load(const float* p, std::int64_t n) {
    return {_mm256_maskload_ps(p, first_of_8(n)), _mm256_maskload_ps(p + 8, first_of_8(n - 8))};
}
SAMEBITS_INLINE void store(float* p, F32 a) {
    _mm256_storeu_ps(p, a.lo);
    _mm256_storeu_ps(p + 8, a.hi);
}
SAMEBITS_INLINE void store(float* p, F32 a, std::int64_t n) {
    _mm256_maskstore_ps(p, first_of_8(n), a.lo);
    _mm256_maskstore_ps(p + 8, first_of_8(n - 8), a.hi);
}

SAMEBITS_INLINE __m256 load_8_u16(const std::uint16_t* p) {
    return _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
// To memory at a multiple of 64 bytes that nothing reads soon; done before order_stores() returns.
SAMEBITS_INLINE void store_past_cache(float* p, F32 a) {
    _mm256_stream_ps(p, a.lo);
    _mm256_stream_ps(p + 8, a.hi);
}
SAMEBITS_INLINE void order_stores() { _mm_sfence(); }

SAMEBITS_INLINE F32 in_register(F32 a) {
    __asm__("" : "+x"(a.lo), "+x"(a.hi));
    return a;
}
SAMEBITS_INLINE F32 load_u16(const std::uint16_t* p) { return {load_8_u16(p), load_8_u16(p + 8)}; }
SAMEBITS_INLINE void store_u16(std::uint16_t* p, F32 a) {
    const __m256i halves = _mm256_packus_epi32(_mm256_cvtps_epi32(a.lo), _mm256_cvtps_epi32(a.hi));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm256_permute4x64_epi64(halves, 0xd8));
}

SAMEBITS_INLINE F32 operator+(F32 a, F32 b) { return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)}; }
SAMEBITS_INLINE F32 operator-(F32 a, F32 b) { return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)}; }
SAMEBITS_INLINE F32 operator*(F32 a, F32 b) { return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)}; }
SAMEBITS_INLINE F32 operator/(F32 a, F32 b) { return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)}; }
SAMEBITS_INLINE F32 operator-(F32 a) {
    const __m256 sign = _mm256_set1_ps(-0.0F);
    return {_mm256_xor_ps(a.lo, sign), _mm256_xor_ps(a.hi, sign)};
}
SAMEBITS_INLINE F32 fma(F32 a, F32 b, F32 c) {
    if (sabotaged(Sabotage::split_fma)) return a * b + c;
    return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}
SAMEBITS_INLINE F32 fnma(F32 a, F32 b, F32 c) {
    return {_mm256_fnmadd_ps(a.lo, b.lo, c.lo), _mm256_fnmadd_ps(a.hi, b.hi, c.hi)};
}
SAMEBITS_INLINE F32 sqrt(F32 a) { return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)}; }

SAMEBITS_INLINE Mask operator<(F32 a, F32 b) {
    return {_mm256_cmp_ps(a.lo, b.lo, _CMP_LT_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_LT_OQ)};
}
SAMEBITS_INLINE Mask operator<=(F32 a, F32 b) {
    return {_mm256_cmp_ps(a.lo, b.lo, _CMP_LE_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_LE_OQ)};
}
SAMEBITS_INLINE Mask operator>(F32 a, F32 b) {
    return {_mm256_cmp_ps(a.lo, b.lo, _CMP_GT_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_GT_OQ)};
}
SAMEBITS_INLINE F32 select(Mask mask, F32 a, F32 b) {
    return {_mm256_blendv_ps(b.lo, a.lo, mask.lo), _mm256_blendv_ps(b.hi, a.hi, mask.hi)};
}
SAMEBITS_INLINE bool all_finite(F32 a) {
    const __m256i e = _mm256_set1_epi32(0x7f800000);
    const __m256i lo = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_castps_si256(a.lo), e), e);
    const __m256i hi = _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_castps_si256(a.hi), e), e);
    return _mm256_testz_si256(_mm256_or_si256(lo, hi), _mm256_or_si256(lo, hi)) != 0;
}

struct F64 {
    static constexpr int parts = 4;
    using D = __m256d;
    typedef unsigned long long U __attribute__((vector_size(32)));
    SAMEBITS_INLINE D madd(D a, D b, D c) { return _mm256_fmadd_pd(a, b, c); }
};
SAMEBITS_INLINE void widen(F32 a, __m256d* d) {
    d[0] = _mm256_cvtps_pd(_mm256_castps256_ps128(a.lo));
    d[1] = _mm256_cvtps_pd(_mm256_extractf128_ps(a.lo, 1));
    d[2] = _mm256_cvtps_pd(_mm256_castps256_ps128(a.hi));
    d[3] = _mm256_cvtps_pd(_mm256_extractf128_ps(a.hi, 1));
}
SAMEBITS_INLINE F32 narrow(const __m256d* d) {
    return {_mm256_set_m128(_mm256_cvtpd_ps(d[1]), _mm256_cvtpd_ps(d[0])),
            _mm256_set_m128(_mm256_cvtpd_ps(d[3]), _mm256_cvtpd_ps(d[2]))};
}

// Integer lanes: the products of the low halves; a0 b0 a2 b2 ... and a1 b1 a3 b3 ...
SAMEBITS_INLINE F64::U low_product(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(_mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
SAMEBITS_INLINE F64::U even_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(_mm256_unpacklo_epi64(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}
SAMEBITS_INLINE F64::U odd_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(_mm256_unpackhi_epi64(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
}

}  // namespace samebits::kernels::avx2
