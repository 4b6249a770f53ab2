// Sixteen floats at a time with AVX-512. The same names as simd_avx2.h and simd_generic.h; kernels are written over these.
// Internal linkage throughout: nothing compiled with these flags may be picked by the linker for another machine.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "samebits/numerics/sabotage.h"

#define SAMEBITS_ISA avx512
#define SAMEBITS_INLINE static inline __attribute__((always_inline))
#define SAMEBITS_FUNCTION SAMEBITS_INLINE

namespace samebits::kernels::avx512 {

constexpr std::int64_t width = 16;
constexpr bool fma_is_long = false;

struct F32 {
    __m512 v;
};
using Mask = __mmask16;

// The first n lanes, 0 <= n <= 16.
SAMEBITS_INLINE Mask first_lanes(std::int64_t n) { return static_cast<Mask>((1U << n) - 1); }

SAMEBITS_INLINE F32 zero() { return {_mm512_setzero_ps()}; }
SAMEBITS_INLINE F32 set1(float x) { return {_mm512_set1_ps(x)}; }
SAMEBITS_INLINE F32 load(const float* p) { return {_mm512_loadu_ps(p)}; }
// The first n lanes (0 <= n <= 16), the others 0; memory past them is not touched.
SAMEBITS_INLINE F32 load(const float* p, std::int64_t n) { return {_mm512_maskz_loadu_ps(first_lanes(n), p)}; }
SAMEBITS_INLINE void store(float* p, F32 a) { _mm512_storeu_ps(p, a.v); }
SAMEBITS_INLINE void store(float* p, F32 a, std::int64_t n) { _mm512_mask_storeu_ps(p, first_lanes(n), a.v); }

// To memory at a multiple of 64 bytes that nothing reads soon; done before order_stores() returns.
SAMEBITS_INLINE void store_past_cache(float* p, F32 a) { _mm512_stream_ps(p, a.v); }
SAMEBITS_INLINE void order_stores() { _mm_sfence(); }

// a, loaded once: else the compiler may load it again for each use.
SAMEBITS_INLINE F32 in_register(F32 a) {
    __asm__("" : "+v"(a.v));
    return a;
}

// Whole numbers from 0 to 65535.
SAMEBITS_INLINE F32 load_u16(const std::uint16_t* p) {
    const __m256i narrow = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return {_mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(narrow))};
}
SAMEBITS_INLINE void store_u16(std::uint16_t* p, F32 a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(a.v)));
}

SAMEBITS_INLINE F32 operator+(F32 a, F32 b) { return {_mm512_add_ps(a.v, b.v)}; }
SAMEBITS_INLINE F32 operator-(F32 a, F32 b) { return {_mm512_sub_ps(a.v, b.v)}; }
SAMEBITS_INLINE F32 operator*(F32 a, F32 b) { return {_mm512_mul_ps(a.v, b.v)}; }
SAMEBITS_INLINE F32 operator/(F32 a, F32 b) { return {_mm512_div_ps(a.v, b.v)}; }
SAMEBITS_INLINE F32 operator-(F32 a) { return {_mm512_xor_ps(a.v, _mm512_set1_ps(-0.0F))}; }
// a * b + c, rounded once.
SAMEBITS_INLINE F32 fma(F32 a, F32 b, F32 c) {
    if (sabotaged(Sabotage::split_fma)) return a * b + c;
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
// -(a * b) + c, rounded once.
SAMEBITS_INLINE F32 fnma(F32 a, F32 b, F32 c) { return {_mm512_fnmadd_ps(a.v, b.v, c.v)}; }
// The masked form: g++ 12 warns of an uninitialised operand inside _mm512_sqrt_ps.
SAMEBITS_INLINE F32 sqrt(F32 a) { return {_mm512_maskz_sqrt_ps(0xffff, a.v)}; }

// Comparisons are false for NaN.
SAMEBITS_INLINE Mask operator<(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ); }
SAMEBITS_INLINE Mask operator<=(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ); }
SAMEBITS_INLINE Mask operator>(F32 a, F32 b) { return _mm512_cmp_ps_mask(a.v, b.v, _CMP_GT_OQ); }
// mask ? a : b
SAMEBITS_INLINE F32 select(Mask mask, F32 a, F32 b) { return {_mm512_mask_blend_ps(mask, b.v, a.v)}; }
// Lanes that are neither NaN nor infinite.
SAMEBITS_INLINE bool all_finite(F32 a) {
    const __m512i exponent = _mm512_and_si512(_mm512_castps_si512(a.v), _mm512_set1_epi32(0x7f800000));
    return _mm512_cmpeq_epi32_mask(exponent, _mm512_set1_epi32(0x7f800000)) == 0;
}

// The same sixteen as binary64, in F64::parts registers: the lanes that numerics/functions.h computes in.
struct F64 {
    static constexpr int parts = 2;
    using D = __m512d;
    typedef unsigned long long U __attribute__((vector_size(64)));
    SAMEBITS_INLINE D madd(D a, D b, D c) { return _mm512_fmadd_pd(a, b, c); }
};
// The masked forms: g++ 12 warns as for sqrt.
SAMEBITS_INLINE void widen(F32 a, __m512d* d) {
    d[0] = _mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, a.v, 0));
    d[1] = _mm512_maskz_cvtps_pd(0xff, _mm512_maskz_extractf32x8_ps(0xff, a.v, 1));
}
// Each rounded once.
SAMEBITS_INLINE F32 narrow(const __m512d* d) {
    const __m256 lo = _mm512_maskz_cvtpd_ps(0xff, d[0]);
    return {_mm512_insertf32x8(_mm512_castps256_ps512(lo), _mm512_maskz_cvtpd_ps(0xff, d[1]), 1)};
}

// Integer lanes: the products of the low halves; a0 b0 a2 b2 ... and a1 b1 a3 b3 ...
SAMEBITS_INLINE F64::U low_product(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(_mm512_mul_epu32(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}
// The masked forms: g++ 12 warns as for sqrt.
SAMEBITS_INLINE F64::U even_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(
        _mm512_maskz_unpacklo_epi64(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}
SAMEBITS_INLINE F64::U odd_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(
        _mm512_maskz_unpackhi_epi64(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
}

}  // namespace samebits::kernels::avx512
