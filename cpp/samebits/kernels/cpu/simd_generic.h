// Sixteen floats at a time in plain C++, for any CPU of the architecture. The same names as simd_avx512.h.
#pragma once

#include <cmath>
#include <cstdint>

#include "samebits/numerics/fma.h"
#include "samebits/numerics/sabotage.h"

#define SAMEBITS_ISA generic
#define SAMEBITS_INLINE static inline __attribute__((always_inline))
#define SAMEBITS_FUNCTION static inline __attribute__((noinline))  // exp and its like: thousands of instructions

namespace samebits::kernels::generic {

constexpr std::int64_t width = 16;
constexpr bool fma_is_long = true;  // lane by lane

struct F32 {
    float v[16];
};
struct Mask {
    bool v[16];
};

template <class F>
SAMEBITS_INLINE F32 lanewise(F f) {
    F32 y;
    for (int i = 0; i < 16; ++i) y.v[i] = f(i);
    return y;
}
template <class F>
SAMEBITS_INLINE Mask lanewise_mask(F f) {
    Mask y;
    for (int i = 0; i < 16; ++i) y.v[i] = f(i);
    return y;
}

SAMEBITS_INLINE Mask first_lanes(std::int64_t n) {
    return lanewise_mask([=](int i) { return i < n; });
}

SAMEBITS_INLINE F32 zero() {
    return lanewise([](int) { return 0.0F; });
}
SAMEBITS_INLINE F32 set1(float x) {
    return lanewise([=](int) { return x; });
}
SAMEBITS_INLINE F32 load(const float* p) {
    return lanewise([=](int i) { return p[i]; });
}
SAMEBITS_INLINE F32 load(const float* p, std::int64_t n) {
    return lanewise([=](int i) { return i < n ? p[i] : 0.0F; });
}
SAMEBITS_INLINE void store(float* p, const F32& a) {
    for (int i = 0; i < 16; ++i) p[i] = a.v[i];
}
SAMEBITS_INLINE void store(float* p, const F32& a, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) p[i] = a.v[i];
}

// To memory at a multiple of 64 bytes that nothing reads soon; done before order_stores() returns.
SAMEBITS_INLINE void store_past_cache(float* p, const F32& a) { store(p, a); }
SAMEBITS_INLINE void order_stores() {}

SAMEBITS_INLINE F32 in_register(F32 a) { return a; }
SAMEBITS_INLINE F32 load_u16(const std::uint16_t* p) {
    return lanewise([=](int i) { return static_cast<float>(p[i]); });
}
SAMEBITS_INLINE void store_u16(std::uint16_t* p, const F32& a) {
    for (int i = 0; i < 16; ++i) p[i] = static_cast<std::uint16_t>(a.v[i]);
}

SAMEBITS_INLINE F32 operator+(const F32& a, const F32& b) {
    return lanewise([&](int i) { return a.v[i] + b.v[i]; });
}
SAMEBITS_INLINE F32 operator-(const F32& a, const F32& b) {
    return lanewise([&](int i) { return a.v[i] - b.v[i]; });
}
SAMEBITS_INLINE F32 operator*(const F32& a, const F32& b) {
    return lanewise([&](int i) { return a.v[i] * b.v[i]; });
}
SAMEBITS_INLINE F32 operator/(const F32& a, const F32& b) {
    return lanewise([&](int i) { return a.v[i] / b.v[i]; });
}
SAMEBITS_INLINE F32 operator-(const F32& a) {
    return lanewise([&](int i) { return -a.v[i]; });
}
SAMEBITS_INLINE F32 fma(const F32& a, const F32& b, const F32& c) {
    if (sabotaged(Sabotage::split_fma)) return a * b + c;
    return lanewise([&](int i) { return numerics::fma(a.v[i], b.v[i], c.v[i]); });
}
SAMEBITS_INLINE F32 fnma(const F32& a, const F32& b, const F32& c) {
    return lanewise([&](int i) { return numerics::fma(-a.v[i], b.v[i], c.v[i]); });
}
SAMEBITS_INLINE F32 sqrt(const F32& a) {
    return lanewise([&](int i) { return __builtin_sqrtf(a.v[i]); });
}

SAMEBITS_INLINE Mask operator<(const F32& a, const F32& b) {
    return lanewise_mask([&](int i) { return a.v[i] < b.v[i]; });
}
SAMEBITS_INLINE Mask operator<=(const F32& a, const F32& b) {
    return lanewise_mask([&](int i) { return a.v[i] <= b.v[i]; });
}
SAMEBITS_INLINE Mask operator>(const F32& a, const F32& b) {
    return lanewise_mask([&](int i) { return a.v[i] > b.v[i]; });
}
SAMEBITS_INLINE F32 select(const Mask& mask, const F32& a, const F32& b) {
    return lanewise([&](int i) { return mask.v[i] ? a.v[i] : b.v[i]; });
}
SAMEBITS_INLINE bool all_finite(const F32& a) {
    bool finite = true;
    for (int i = 0; i < 16; ++i) finite &= (__builtin_bit_cast(std::uint32_t, a.v[i]) & 0x7f800000U) != 0x7f800000U;
    return finite;
}

struct F64 {
    static constexpr int parts = 8;
    typedef double D __attribute__((vector_size(16)));
    typedef unsigned long long U __attribute__((vector_size(16)));
    SAMEBITS_INLINE D madd(D a, D b, D c) { return a * b + c; }
};
SAMEBITS_INLINE void widen(const F32& a, F64::D* d) {
    for (int i = 0; i < 16; ++i) d[i / 2][i % 2] = a.v[i];
}
SAMEBITS_INLINE F32 narrow(const F64::D* d) {
    return lanewise([=](int i) { return static_cast<float>(d[i / 2][i % 2]); });
}

// Integer lanes: the products of the low halves; a0 b0 a2 b2 ... and a1 b1 a3 b3 ...
SAMEBITS_INLINE F64::U low_product(F64::U a, F64::U b) { return (a & 0xffffffff) * (b & 0xffffffff); }
SAMEBITS_INLINE F64::U even_lanes(F64::U a, F64::U b) { return F64::U{a[0], b[0]}; }
SAMEBITS_INLINE F64::U odd_lanes(F64::U a, F64::U b) { return F64::U{a[1], b[1]}; }

}  // namespace samebits::kernels::generic
