// Profile 1, section 3.9: the transforms of Winograd's minimal filtering F(2, 3) and F(4, 3), for convolutions by
// F(2x2, 3x3) and F(4x4, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015). Internal linkage
// (see order.h).
//
// Which convolutions take them is part of the profile too (winograd_outputs).
//
// A: the arithmetic.   A::Real   a binary32, or a vector of them, with + - *
//                      A::set(float)   A::fma(a, b, c), rounded once
//                      A::apart        whether each transform is one function that is called: where operations are long
#pragma once

#include <cstdint>

#define SAMEBITS_TRANSFORM \
    template <class A>     \
    static inline __attribute__((always_inline)) void

namespace samebits::numerics {

// F(2, 3): two outputs from four inputs and three weights.
struct Winograd2 {
    static constexpr int outputs = 2;
    static constexpr int points = 4;

    SAMEBITS_TRANSFORM input(const typename A::Real (&d)[4], typename A::Real (&t)[4]) {
        t[0] = d[0] - d[2];
        t[1] = d[1] + d[2];
        t[2] = d[2] - d[1];
        t[3] = d[1] - d[3];
    }
    SAMEBITS_TRANSFORM filter(const typename A::Real (&g)[3], typename A::Real (&u)[4]) {
        const typename A::Real h = g[0] + g[2];
        const typename A::Real half = A::set(0.5F);
        u[0] = g[0];
        u[1] = (h + g[1]) * half;
        u[2] = (h - g[1]) * half;
        u[3] = g[2];
    }
    SAMEBITS_TRANSFORM output(const typename A::Real (&m)[4], typename A::Real (&y)[2]) {
        y[0] = (m[0] + m[1]) + m[2];
        y[1] = (m[1] - m[2]) - m[3];
    }
    SAMEBITS_TRANSFORM output_gradient(const typename A::Real (&y)[2], typename A::Real (&e)[4]) {
        e[0] = y[0];
        e[1] = y[0] + y[1];
        e[2] = y[0] - y[1];
        e[3] = y[1];
    }
    SAMEBITS_TRANSFORM filter_gradient(const typename A::Real (&u)[4], typename A::Real (&g)[3]) {
        const typename A::Real half = A::set(0.5F);
        const typename A::Real h = (u[1] + u[2]) * half;
        g[0] = u[0] + h;
        g[1] = (u[1] - u[2]) * half;
        g[2] = h - u[3];
    }
};

// F(4, 3): four outputs from six inputs and three weights.
struct Winograd4 {
    static constexpr int outputs = 4;
    static constexpr int points = 6;

    SAMEBITS_TRANSFORM input(const typename A::Real (&d)[6], typename A::Real (&t)[6]) {
        const typename A::Real four = A::set(4.0F);
        const typename A::Real minus_four = A::set(-4.0F);
        const typename A::Real minus_five = A::set(-5.0F);
        const typename A::Real a = A::fma(minus_four, d[2], d[4]);
        const typename A::Real b = A::fma(minus_four, d[1], d[3]);
        const typename A::Real c = d[4] - d[2];
        const typename A::Real e = d[3] - d[1];
        t[0] = A::fma(four, d[0], A::fma(minus_five, d[2], d[4]));
        t[1] = a + b;
        t[2] = a - b;
        t[3] = A::fma(A::set(2.0F), e, c);
        t[4] = A::fma(A::set(-2.0F), e, c);
        t[5] = A::fma(four, d[1], A::fma(minus_five, d[3], d[5]));
    }
    SAMEBITS_TRANSFORM filter(const typename A::Real (&g)[3], typename A::Real (&u)[6]) {
        const typename A::Real sixth = A::set(-1.0F / 6.0F);
        const typename A::Real twenty_fourth = A::set(1.0F / 24.0F);
        const typename A::Real h = g[0] + g[2];
        const typename A::Real v = A::fma(A::set(4.0F), g[2], g[0]);
        u[0] = A::set(0.25F) * g[0];
        u[1] = (h + g[1]) * sixth;
        u[2] = (h - g[1]) * sixth;
        u[3] = A::fma(A::set(2.0F), g[1], v) * twenty_fourth;
        u[4] = A::fma(A::set(-2.0F), g[1], v) * twenty_fourth;
        u[5] = g[2];
    }
    SAMEBITS_TRANSFORM output(const typename A::Real (&m)[6], typename A::Real (&y)[4]) {
        const typename A::Real p = m[1] + m[2];
        const typename A::Real q = m[1] - m[2];
        const typename A::Real r = m[3] + m[4];
        const typename A::Real z = m[3] - m[4];
        y[0] = (m[0] + p) + r;
        y[1] = A::fma(A::set(2.0F), z, q);
        y[2] = A::fma(A::set(4.0F), r, p);
        y[3] = A::fma(A::set(8.0F), z, q) + m[5];
    }
    SAMEBITS_TRANSFORM output_gradient(const typename A::Real (&y)[4], typename A::Real (&e)[6]) {
        const typename A::Real p = y[0] + y[2];
        const typename A::Real q = y[1] + y[3];
        const typename A::Real s = A::fma(A::set(4.0F), y[2], y[0]);
        const typename A::Real t = A::fma(A::set(4.0F), y[3], y[1]);
        e[0] = y[0];
        e[1] = p + q;
        e[2] = p - q;
        e[3] = A::fma(A::set(2.0F), t, s);
        e[4] = A::fma(A::set(-2.0F), t, s);
        e[5] = y[3];
    }
    SAMEBITS_TRANSFORM filter_gradient(const typename A::Real (&u)[6], typename A::Real (&g)[3]) {
        const typename A::Real minus_sixth = A::set(-1.0F / 6.0F);
        const typename A::Real a = u[1] + u[2];
        const typename A::Real b = u[1] - u[2];
        const typename A::Real c = u[3] + u[4];
        const typename A::Real d = u[3] - u[4];
        g[0] = A::fma(A::set(1.0F / 24.0F), c, A::fma(minus_sixth, a, A::set(0.25F) * u[0]));
        g[1] = A::fma(A::set(1.0F / 12.0F), d, minus_sixth * b);
        g[2] = A::fma(A::set(1.0F / 6.0F), c - a, u[5]);
    }
};

// What algorithm="auto" takes for a 3x3 convolution with strides and dilation 1, from c to k channels, of P x Q outputs:
// outputs a side of a tile, 4 or 2, or 0 for the direct sums. At least 0.6 of what the tiles compute must be used.
static inline constexpr int winograd_outputs(std::int64_t p, std::int64_t q, std::int64_t c, std::int64_t k) {
    if (c < 8 || k < 8 || p < 4 || q < 4) return 0;
    for (const std::int64_t m : {4, 2}) {
        const std::int64_t computed = ((p + m - 1) / m * m) * ((q + m - 1) / m * m);
        if (10 * p * q >= 6 * computed) return static_cast<int>(m);
    }
    return 0;
}

template <class A, int from, int to, class Transform>
__attribute__((noinline)) static void transform_apart(const typename A::Real (&in)[from], typename A::Real (&out)[to],
                                                      Transform transform) {
    transform(in, out);
}

template <class A, int from, int to, class Transform>
static inline __attribute__((always_inline)) void transform_one(const typename A::Real (&in)[from], typename A::Real (&out)[to],
                                                                Transform transform) {
    if constexpr (A::apart)
        transform_apart<A>(in, out, transform);
    else
        transform(in, out);
}

// A transform along every column of a matrix of from x from, then along every row of the result: to x to. in(i, j) is asked for
// column by column, out(i, j, value) told row by row.
template <class A, int from, int to, class In, class Out, class Transform>
static inline __attribute__((always_inline)) void columns_then_rows(In in, Out out, Transform transform) {
    typename A::Real half[to][from];
#pragma GCC unroll 8
    for (int j = 0; j < from; ++j) {
        typename A::Real column[from];
        typename A::Real transformed[to];
#pragma GCC unroll 8
        for (int i = 0; i < from; ++i) column[i] = in(i, j);
        transform_one<A>(column, transformed, transform);
#pragma GCC unroll 8
        for (int i = 0; i < to; ++i) half[i][j] = transformed[i];
    }
#pragma GCC unroll 8
    for (int i = 0; i < to; ++i) {
        typename A::Real row[to];
        transform_one<A>(half[i], row, transform);
#pragma GCC unroll 8
        for (int j = 0; j < to; ++j) out(i, j, row[j]);
    }
}

template <class F, class A, class In, class Out>
static inline __attribute__((always_inline)) void winograd_input(In in, Out out) {
    columns_then_rows<A, F::points, F::points>(
        in, out, [](const auto& a, auto& b) __attribute__((always_inline)) { F::template input<A>(a, b); });
}
template <class F, class A, class In, class Out>
static inline __attribute__((always_inline)) void winograd_filter(In in, Out out) {
    columns_then_rows<A, 3, F::points>(
        in, out, [](const auto& a, auto& b) __attribute__((always_inline)) { F::template filter<A>(a, b); });
}
template <class F, class A, class In, class Out>
static inline __attribute__((always_inline)) void winograd_output(In in, Out out) {
    columns_then_rows<A, F::points, F::outputs>(
        in, out, [](const auto& a, auto& b) __attribute__((always_inline)) { F::template output<A>(a, b); });
}
template <class F, class A, class In, class Out>
static inline __attribute__((always_inline)) void winograd_output_gradient(In in, Out out) {
    columns_then_rows<A, F::outputs, F::points>(
        in, out, [](const auto& a, auto& b) __attribute__((always_inline)) { F::template output_gradient<A>(a, b); });
}
template <class F, class A, class In, class Out>
static inline __attribute__((always_inline)) void winograd_filter_gradient(In in, Out out) {
    columns_then_rows<A, F::points, 3>(
        in, out, [](const auto& a, auto& b) __attribute__((always_inline)) { F::template filter_gradient<A>(a, b); });
}

}  // namespace samebits::numerics

#undef SAMEBITS_TRANSFORM
