// Sixteen floats at a time as four NEON registers of AArch64. The same names as simd_generic.h.
#pragma once

#include <arm_neon.h>

#include <cstdint>

#include "samebits/numerics/sabotage.h"

#define SAMEBITS_ISA neon
#define SAMEBITS_INLINE static inline __attribute__((always_inline))
#define SAMEBITS_FUNCTION SAMEBITS_INLINE

namespace samebits::kernels::neon {

constexpr std::int64_t width = 16;
constexpr bool fma_is_long = false;

struct F32 {
    float32x4_t v[4];
};
struct Mask {
    uint32x4_t v[4];  // all bits of a lane, or none
};

// f(0) ... f(3), one register each: written out, so that the registers never become an array in memory.
template <class F>
SAMEBITS_INLINE F32 each(F f) {
    return {{f(0), f(1), f(2), f(3)}};
}
template <class F>
SAMEBITS_INLINE Mask each_mask(F f) {
    return {{f(0), f(1), f(2), f(3)}};
}

SAMEBITS_INLINE Mask first_lanes(std::int64_t n) {
    const int32x4_t count = vdupq_n_s32(static_cast<std::int32_t>(n));
    const int32x4_t lane = {0, 1, 2, 3};
    return each_mask([=](int i) { return vcltq_s32(vaddq_s32(lane, vdupq_n_s32(4 * i)), count); });
}

// The first n of 4 lanes, the others 0; n may lie outside 0 ... 4. NEON has no masked access to memory.
SAMEBITS_INLINE float32x4_t load_4(const float* p, std::int64_t n) {
    if (n >= 4) return vld1q_f32(p);
    float32x4_t y = vdupq_n_f32(0.0F);
    if (n > 0) y = vld1q_lane_f32(p, y, 0);
    if (n > 1) y = vld1q_lane_f32(p + 1, y, 1);
    if (n > 2) y = vld1q_lane_f32(p + 2, y, 2);
    return y;
}
SAMEBITS_INLINE void store_4(float* p, float32x4_t a, std::int64_t n) {
    if (n >= 4) return vst1q_f32(p, a);
    if (n > 0) vst1q_lane_f32(p, a, 0);
    if (n > 1) vst1q_lane_f32(p + 1, a, 1);
    if (n > 2) vst1q_lane_f32(p + 2, a, 2);
}

SAMEBITS_INLINE F32 set1(float x) {
    return each([=](int) { return vdupq_n_f32(x); });
}
SAMEBITS_INLINE F32 zero() { return set1(0.0F); }
SAMEBITS_INLINE F32 load(const float* p) {
    return each([=](int i) { return vld1q_f32(p + 4 * i); });
}
SAMEBITS_INLINE F32 load(const float* p, std::int64_t n) {
    return each([=](int i) { return load_4(p + 4 * i, n - 4 * i); });
}
SAMEBITS_INLINE void store(float* p, const F32& a) {
    for (int i = 0; i < 4; ++i) vst1q_f32(p + 4 * i, a.v[i]);
}
SAMEBITS_INLINE void store(float* p, const F32& a, std::int64_t n) {
    for (int i = 0; i < 4; ++i) store_4(p + 4 * i, a.v[i], n - 4 * i);
}

// To memory at a multiple of 64 bytes that nothing reads soon; done before order_stores() returns.
SAMEBITS_INLINE void store_past_cache(float* p, const F32& a) { store(p, a); }
SAMEBITS_INLINE void order_stores() {}

SAMEBITS_INLINE F32 in_register(F32 a) {
    __asm__("" : "+w"(a.v[0]), "+w"(a.v[1]), "+w"(a.v[2]), "+w"(a.v[3]));
    return a;
}
SAMEBITS_INLINE F32 load_u16(const std::uint16_t* p) {
    return each([=](int i) { return vcvtq_f32_u32(vmovl_u16(vld1_u16(p + 4 * i))); });
}
SAMEBITS_INLINE void store_u16(std::uint16_t* p, const F32& a) {
    for (int i = 0; i < 4; ++i) vst1_u16(p + 4 * i, vmovn_u32(vcvtq_u32_f32(a.v[i])));
}

SAMEBITS_INLINE F32 operator+(const F32& a, const F32& b) {
    return each([&](int i) { return vaddq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 operator-(const F32& a, const F32& b) {
    return each([&](int i) { return vsubq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 operator*(const F32& a, const F32& b) {
    return each([&](int i) { return vmulq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 operator/(const F32& a, const F32& b) {
    return each([&](int i) { return vdivq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 operator-(const F32& a) {
    return each([&](int i) { return vnegq_f32(a.v[i]); });
}
SAMEBITS_INLINE F32 fma(const F32& a, const F32& b, const F32& c) {
    if (sabotaged(Sabotage::split_fma)) return a * b + c;
    return each([&](int i) { return vfmaq_f32(c.v[i], a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 fnma(const F32& a, const F32& b, const F32& c) {
    return each([&](int i) { return vfmsq_f32(c.v[i], a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 sqrt(const F32& a) {
    return each([&](int i) { return vsqrtq_f32(a.v[i]); });
}

SAMEBITS_INLINE Mask operator<(const F32& a, const F32& b) {
    return each_mask([&](int i) { return vcltq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE Mask operator<=(const F32& a, const F32& b) {
    return each_mask([&](int i) { return vcleq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE Mask operator>(const F32& a, const F32& b) {
    return each_mask([&](int i) { return vcgtq_f32(a.v[i], b.v[i]); });
}
SAMEBITS_INLINE F32 select(const Mask& mask, const F32& a, const F32& b) {
    return each([&](int i) { return vbslq_f32(mask.v[i], a.v[i], b.v[i]); });
}
SAMEBITS_INLINE bool all_finite(const F32& a) {
    const uint32x4_t e = vdupq_n_u32(0x7f800000);
    const Mask not_finite = each_mask([&](int i) { return vceqq_u32(vandq_u32(vreinterpretq_u32_f32(a.v[i]), e), e); });
    return vmaxvq_u32(vorrq_u32(vorrq_u32(not_finite.v[0], not_finite.v[1]), vorrq_u32(not_finite.v[2], not_finite.v[3]))) == 0;
}

struct F64 {
    static constexpr int parts = 8;
    using D = float64x2_t;
    typedef unsigned long long U __attribute__((vector_size(16)));
    SAMEBITS_INLINE D madd(D a, D b, D c) { return vfmaq_f64(c, a, b); }
};
SAMEBITS_INLINE void widen(const F32& a, float64x2_t* d) {
    for (int i = 0; i < 4; ++i) {
        d[2 * i] = vcvt_f64_f32(vget_low_f32(a.v[i]));
        d[2 * i + 1] = vcvt_high_f64_f32(a.v[i]);
    }
}
SAMEBITS_INLINE F32 narrow(const float64x2_t* d) {
    return each([=](int i) { return vcvt_high_f32_f64(vcvt_f32_f64(d[2 * i]), d[2 * i + 1]); });
}

// Integer lanes: the products of the low halves; a0 b0 a2 b2 ... and a1 b1 a3 b3 ...
SAMEBITS_INLINE F64::U low_product(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(
        vmull_u32(vmovn_u64(reinterpret_cast<uint64x2_t>(a)), vmovn_u64(reinterpret_cast<uint64x2_t>(b))));
}
SAMEBITS_INLINE F64::U even_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(vzip1q_u64(reinterpret_cast<uint64x2_t>(a), reinterpret_cast<uint64x2_t>(b)));
}
SAMEBITS_INLINE F64::U odd_lanes(F64::U a, F64::U b) {
    return reinterpret_cast<F64::U>(vzip2q_u64(reinterpret_cast<uint64x2_t>(a), reinterpret_cast<uint64x2_t>(b)));
}

}  // namespace samebits::kernels::neon
