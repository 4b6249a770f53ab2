// Profile 1, section 6: exp, expm1, log, log1p, tanh, sigmoid, erf, sinpi, cospi in binary32, correctly rounded for all 2^32
// inputs, special values as IEEE 754-2019 section 9.2; every NaN that comes out is 0x7fc00000. Internal linkage (see order.h).
//
// How: binary64 arithmetic whose relative error is below 2^-51, then one rounding to binary32. That is not a proof, since a
// value may lie nearer to a tie than that: tests/prove/prove_functions compares all inputs with MPFR, and the few inputs that
// the arithmetic misses stand below as exceptions. Polynomials: tests/prove/coefficients.py (Remez, errors below 2^-54).
//
// The formulas are templates over a set T of lanes, so that scalar code and every vector unit share them:
//   T::D      binary64, or a GCC vector of them    T::U      as many 64-bit unsigned integers
//   T::madd(a, b, c)      a * b + c, rounded once or twice: both are within the error, and both are proven
#pragma once

#include <cstdint>

#include "samebits/numerics/sabotage.h"

namespace samebits::numerics {

#define SAMEBITS_LANES \
    template <class T> \
    static inline __attribute__((always_inline))

// ---- the bits of a binary64 ----

SAMEBITS_LANES typename T::U bits_of(typename T::D x) { return __builtin_bit_cast(typename T::U, x); }
SAMEBITS_LANES typename T::D from_bits(typename T::U b) { return __builtin_bit_cast(typename T::D, b); }
SAMEBITS_LANES typename T::D constant(double x) { return x + typename T::D{}; }
SAMEBITS_LANES typename T::D magnitude(typename T::D x) { return from_bits<T>(bits_of<T>(x) & 0x7fffffffffffffffU); }
SAMEBITS_LANES typename T::U sign(typename T::D x) { return bits_of<T>(x) & 0x8000000000000000U; }

inline constexpr double integers = 0x1.8p52;  // x + integers: x to the nearest integer, which stands in the low bits

// 2^n for an integer n, -1022 <= n <= 1023.
SAMEBITS_LANES typename T::D power_of_2(typename T::D n) { return from_bits<T>(bits_of<T>(n + (integers + 1023)) << 52); }

// c[0] + c[1] x + ... , Horner's rule.
template <class T, int N>
static inline __attribute__((always_inline)) typename T::D polynomial(const double (&c)[N], typename T::D x) {
    typename T::D y = constant<T>(c[N - 1]);
    for (int i = N - 2; i >= 0; --i) y = T::madd(y, x, constant<T>(c[i]));
    return y;
}

// NaN lanes of y become the canonical one; x says which.
SAMEBITS_LANES typename T::D canonical(typename T::D x, typename T::D y) { return x == x ? y : constant<T>(__builtin_nan("")); }

// y; sabotaged, enough more to round to the next binary32 for most inputs.
SAMEBITS_LANES typename T::D result(Sabotage ulp, typename T::D y) {
    if (sabotaged(ulp)) y = y * (1 + 0x1p-24);
    return y;
}

// An input whose result lies too near a tie for the arithmetic, and that result rounded to binary32.
struct Exception {
    double x, y;
};
template <class T, int N>
static inline __attribute__((always_inline)) typename T::D except(const Exception (&exceptions)[N], typename T::D x,
                                                                  typename T::D y) {
    for (const Exception& e : exceptions) y = x == e.x ? constant<T>(e.y) : y;
    return y;
}

// ---- exp and what is made of it ----

template <class T>
struct Exponential {
    typename T::D n, p;  // exp(x) = 2^n (1 + p), p = expm1(x - n ln 2) with a small relative error
};

// |x| <= 700, or NaN.
SAMEBITS_LANES Exponential<T> reduce(typename T::D x) {
    constexpr double q[] = {0x1.0000000000005p-1,  0x1.5555555555539p-3,  0x1.55555555522b7p-5,  0x1.1111111118facp-7,
                            0x1.6c16c17edbe03p-10, 0x1.a01a017513294p-13, 0x1.a019a76ec06d5p-16, 0x1.71de880cd44c3p-19,
                            0x1.28a1e06bdee3fp-22, 0x1.ae6b9b6c37607p-26};
    const auto n = T::madd(x, constant<T>(0x1.71547652b82fep+0), constant<T>(integers)) - integers;  // x / ln 2
    auto r = T::madd(n, constant<T>(-0x1.62e42fefa2000p-1), x);                                      // 40 bits of ln 2: exact
    r = T::madd(n, constant<T>(-0x1.9ef35793c7673p-41), r);
    return {n, T::madd(r * r, polynomial<T>(q, r), r)};
}

SAMEBITS_LANES typename T::D exp(typename T::D x) {
    auto a = x < -110 ? constant<T>(-110) : x;  // below: +0
    a = a > 100 ? constant<T>(100) : a;         // above: infinity
    const auto e = reduce<T>(a);
    return result<T>(Sabotage::ulp_exp, canonical<T>(x, power_of_2<T>(e.n) * (1 + e.p)));
}

SAMEBITS_LANES typename T::D expm1(typename T::D x) {
    auto a = x < -40 ? constant<T>(-40) : x;  // below: -1
    a = a > 100 ? constant<T>(100) : a;       // above: infinity
    const auto e = reduce<T>(a);
    const auto scale = power_of_2<T>(e.n);
    const auto y = T::madd(scale, e.p, scale - 1);
    return result<T>(Sabotage::ulp_expm1, canonical<T>(x, from_bits<T>(bits_of<T>(y) | sign<T>(x))));  // -0 stays -0
}

// (exp(2x) - 1) / (exp(2x) + 1)
SAMEBITS_LANES typename T::D tanh(typename T::D x) {
    auto a = magnitude<T>(x);
    a = a > 10 ? constant<T>(10) : a;  // above: 1
    const auto e = reduce<T>(2 * a);
    const auto scale = power_of_2<T>(e.n);
    const auto y = T::madd(scale, e.p, scale - 1);
    return result<T>(Sabotage::ulp_tanh, canonical<T>(x, from_bits<T>(bits_of<T>(y / (y + 2)) | sign<T>(x))));
}

// 1 / (1 + exp(-x)), which is 1/2 + x/4 - x^3/48 + ... For small x the cubic term is lost beside 1/2, but decides ties of
// 1/2 + x/4: there x/4 is made smaller by 2^-28 of x, less than the distance of all other x from a tie.
SAMEBITS_LANES typename T::D sigmoid(typename T::D x) {
    constexpr Exception exceptions[] = {{-0x1.250c02p-10, 0x1.ffb6bep-2}};
    auto a = x < -110 ? constant<T>(-110) : x;  // below: +0
    a = a > 110 ? constant<T>(110) : a;         // above: 1
    const auto e = reduce<T>(-a);
    const auto y = 1 / (1 + power_of_2<T>(e.n) * (1 + e.p));
    const auto near_half = T::madd(x, constant<T>(0.25 - 0x1p-28), constant<T>(0.5));
    return result<T>(Sabotage::ulp_sigmoid,
                     canonical<T>(x, except<T>(exceptions, x, magnitude<T>(x) < 0x1p-12 ? near_half : y)));
}

// erf(a) = 1 - exp(-q), q = a + a E(a), whose error matters by erfc(a) / erf(a) only: one polynomial serves 0 <= a <= 4.
SAMEBITS_LANES typename T::D erf(typename T::D x) {
    constexpr double c[] = {0x1.06eba8214db68p-3,   0x1.45f306dc9c8e7p-1,   0x1.a4f4e2a1a7eb9p-4,   -0x1.3966858fce144p-6,
                            -0x1.b6b6a707ad3cap-13, 0x1.bca69772600f9p-10,  -0x1.35667aace32a8p-11, 0x1.b2b9ff082bffbp-16,
                            0x1.0e1c92a20225dp-14,  -0x1.ef7048829735bp-16, 0x1.9f50edcf84085p-19,  0x1.b1a0331b2a576p-19,
                            -0x1.1edb7bbdffeedp-19, 0x1.5df8e7b6a5d25p-21,  -0x1.13de02d36dcafp-24, -0x1.4c6285b5ba6a3p-25,
                            0x1.946f473498c7cp-26,  -0x1.f06833ae0e0f7p-28, 0x1.9574180eda814p-30,  -0x1.ca49d7fc123fcp-33,
                            0x1.5b9fe437f2854p-36,  -0x1.404ef10cb7d97p-40, 0x1.0fdfb1ad71c0ap-45};
    auto a = magnitude<T>(x);
    a = a > 4 ? constant<T>(4) : a;  // above: 1
    const auto e = reduce<T>(-T::madd(a, polynomial<T>(c, a), a));
    const auto scale = power_of_2<T>(e.n);
    const auto y = (1 - scale) - scale * e.p;
    return result<T>(Sabotage::ulp_erf, canonical<T>(x, from_bits<T>(bits_of<T>(y) | sign<T>(x))));
}

// ---- log ----

template <class T>
struct Split {
    typename T::D e, m;  // x = 2^e m, sqrt(1/2) <= m < sqrt(2)
};

// 0 < x, finite, not subnormal; else finite nonsense.
SAMEBITS_LANES Split<T> split(typename T::D x) {
    const auto one = 0x3ff0000000000000U;
    const auto t = bits_of<T>(x) - (0x3fe6a09e667f3bcdU - one);  // bits of sqrt(1/2) become those of 1
    const auto e = from_bits<T>((t >> 52) | 0x4330000000000000U) - (0x1p52 + 1023);
    return {e, from_bits<T>(bits_of<T>(x) - ((t & 0xfff0000000000000U) - one))};
}

// e ln 2 + log(1 + f), f = m - 1: with s = f / (2 + f), log(1 + f) = log((1 + s) / (1 - s)) = 2 atanh(s).
SAMEBITS_LANES typename T::D log_of_parts(typename T::D e, typename T::D f) {
    constexpr double a[] = {0x1.5555555555592p-1, 0x1.999999997fdcbp-2, 0x1.24924941f121dp-2, 0x1.c71c5208bd126p-3,
                            0x1.74663f238ed3dp-3, 0x1.39a1b28cd23d3p-3, 0x1.2f05c9050c1efp-3};
    const auto s = f / (2 + f);
    const auto z = s * s;
    const auto log_m = T::madd(s * z, polynomial<T>(a, z), 2 * s);
    const auto low = T::madd(e, constant<T>(0x1.9ef35793c7673p-41), log_m);
    return e == 0 ? log_m : T::madd(e, constant<T>(0x1.62e42fefa2000p-1), low);
}

// y for 0 < x < infinity, else the special values of log(x).
SAMEBITS_LANES typename T::D log_special(typename T::D x, typename T::D y) {
    y = x > 0 ? y : constant<T>(__builtin_nan(""));
    y = x == 0 ? constant<T>(-__builtin_inf()) : y;
    return x == __builtin_inf() ? x : y;
}

SAMEBITS_LANES typename T::D log(typename T::D x) {
    constexpr Exception exceptions[] = {{0x1.827a74p-7, -0x1.1c2b1ep+2},
                                        {0x1.2f1fd6p+3, 0x1.1fcbcep+1},
                                        {0x1.bacb4ap+25, 0x1.1e0696p+4},
                                        {0x1.b121a6p+76, 0x1.a9a3f2p+5},
                                        {0x1.6351d8p+95, 0x1.08b512p+6}};
    const auto parts = split<T>(x);
    return result<T>(Sabotage::ulp_log, log_special<T>(x, except<T>(exceptions, x, log_of_parts<T>(parts.e, parts.m - 1))));
}

SAMEBITS_LANES typename T::D log1p(typename T::D x) {
    constexpr Exception exceptions[] = {{0x1.800006p-21, 0x1.7ffffep-21},   {0x1.200036p-17, 0x1.1fffe6p-17},
                                        {0x1.0f1fd6p+3, 0x1.1fcbcep+1},     {0x1.b121a6p+76, 0x1.a9a3f2p+5},
                                        {0x1.6351d8p+95, 0x1.08b512p+6},    {-0x1.7ffffap-21, -0x1.800002p-21},
                                        {-0x1.1fffcap-17, -0x1.20001ap-17}, {-0x1.1d9188p-9, -0x1.1de14ap-9}};
    const auto u = 1 + x;  // exact when 2^-29 <= |x| < 2^53; else x itself matters, or the 1 does not
    const auto parts = split<T>(u);
    const auto y = log_of_parts<T>(parts.e, parts.e == 0 ? x : parts.m - 1);
    return result<T>(Sabotage::ulp_log1p, log_special<T>(u, except<T>(exceptions, x, y)));
}

// ---- sin and cos of pi x ----

template <class T>
struct Turn {
    typename T::U quarters;      // modulo 4, in the low two bits
    typename T::D sine, cosine;  // of pi r, x = quarters / 2 + r, |r| <= 1/4
};

SAMEBITS_LANES Turn<T> turn(typename T::D x) {
    constexpr double s[] = {-0x1.4abbce625be47p+2, 0x1.466bc67758d88p+1,  -0x1.32d2cce3335dap-1,
                            0x1.5078301b8e112p-4,  -0x1.e300a67f5ba85p-8, 0x1.e403dc754579cp-12};
    constexpr double c[] = {-0x1.3bd3cc9be45dep+2, 0x1.03c1f081b5ab0p+2,  -0x1.55d3c7e3c95bdp+0, 0x1.e1f50683b4482p-3,
                            -0x1.a6d1ecb75321bp-6, 0x1.f9cc6add06968p-10, -0x1.b26fec02f4927p-14};
    x = magnitude<T>(x) < 0x1p24 ? x : constant<T>(0);  // even integers, like 0
    const auto n = 2 * x + integers;
    const auto r = x - 0.5 * (n - integers);
    const auto u = r * r;
    const auto sine = r * T::madd(u, polynomial<T>(s, u), constant<T>(0x1.921fb54442d18p+1));
    return {bits_of<T>(n) & 3U, sine, T::madd(u, polynomial<T>(c, u), constant<T>(1))};
}

SAMEBITS_LANES typename T::D sinpi(typename T::D x) {
    const auto t = turn<T>(x);
    auto y = (t.quarters & 1U) == 0U ? t.sine : t.cosine;
    y = from_bits<T>(bits_of<T>(y) ^ ((t.quarters & 2U) << 62));
    y = y == 0 ? from_bits<T>(sign<T>(x)) : y;                      // sinpi(n) has the sign of n
    return result<T>(Sabotage::ulp_sinpi, canonical<T>(x - x, y));  // infinity - infinity is NaN
}

SAMEBITS_LANES typename T::D cospi(typename T::D x) {
    const auto t = turn<T>(x);
    const auto y = (t.quarters & 1U) == 0U ? t.cosine : t.sine;
    const auto flip = ((t.quarters + 1U) & 2U) << 62;  // cos, -sin, -cos, sin
    return result<T>(Sabotage::ulp_cospi,
                     canonical<T>(x - x, from_bits<T>(bits_of<T>(y) ^ flip) + 0.0));  // cospi(n + 1/2) = +0
}

#undef SAMEBITS_LANES

// ---- one binary32 at a time ----

struct OneLane {
    using D = double;
    using U = std::uint64_t;
    static __attribute__((always_inline)) D madd(D a, D b, D c) { return a * b + c; }
};

static inline float exp(float x) { return static_cast<float>(exp<OneLane>(static_cast<double>(x))); }
static inline float expm1(float x) { return static_cast<float>(expm1<OneLane>(static_cast<double>(x))); }
static inline float log(float x) { return static_cast<float>(log<OneLane>(static_cast<double>(x))); }
static inline float log1p(float x) { return static_cast<float>(log1p<OneLane>(static_cast<double>(x))); }
static inline float tanh(float x) { return static_cast<float>(tanh<OneLane>(static_cast<double>(x))); }
static inline float sigmoid(float x) { return static_cast<float>(sigmoid<OneLane>(static_cast<double>(x))); }
static inline float erf(float x) { return static_cast<float>(erf<OneLane>(static_cast<double>(x))); }
static inline float sinpi(float x) { return static_cast<float>(sinpi<OneLane>(static_cast<double>(x))); }
static inline float cospi(float x) { return static_cast<float>(cospi<OneLane>(static_cast<double>(x))); }

}  // namespace samebits::numerics
