#include "samebits/kernels/conv2d.h"

#include "samebits/kernels/ref/activate.h"
#include "samebits/kernels/ref/long_sum.h"
#include "samebits/kernels/ref/taps.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

// One output value of the forward pass: terms (r, s, c), c fastest, over the whole window.
float output_sum(const Conv2D& v, const float* x, const float* w, int64_t n, int64_t p, int64_t q, int64_t k) {
    const int64_t terms = v.r * v.s * v.c;
    return long_sum(numerics::over_terms(terms), terms, [&](int64_t t, float acc) {
        const int64_t row = p * v.stride_h - v.pad_top + t / (v.s * v.c) * v.dilation_h;
        const int64_t col = q * v.stride_w - v.pad_left + t / v.c % v.s * v.dilation_w;
        if (!inside(row, v.h) || !inside(col, v.w)) return acc;
        return numerics::fma(x[((n * v.h + row) * v.w + col) * v.c + t % v.c], w[t * v.k + k], acc);
    });
}

void forward(const Conv2D& v, const float* x, const float* w, const float* bias, Activation activation, float* y, std::byte*) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t p = 0; p < v.p; ++p)
            for (int64_t q = 0; q < v.q; ++q)
                for (int64_t k = 0; k < v.k; ++k) {
                    const float sum = output_sum(v, x, w, n, p, q, k);
                    *y++ = activate(activation, (bias == nullptr ? sum : sum + bias[k]) + 0.0F);
                }
}

// One value of the input gradient: terms (tap r descending, tap s descending, k), which is (p, q) ascending, k fastest.
float input_gradient_sum(const Conv2D& v, const float* dy, const float* w, int64_t n, int64_t h, int64_t col, int64_t c) {
    const Taps rows = taps_of(h, v.pad_top, v.stride_h, v.r);
    const Taps cols = taps_of(col, v.pad_left, v.stride_w, v.s);
    const int64_t terms = rows.count * cols.count * v.k;
    return long_sum(numerics::over_terms(terms), terms, [&](int64_t t, float acc) {
        const int64_t r = tap(rows, t / (cols.count * v.k), v.stride_h);
        const int64_t s = tap(cols, t / v.k % cols.count, v.stride_w);
        const int64_t k = t % v.k;
        const int64_t p = (h + v.pad_top - r * v.dilation_h) / v.stride_h;  // exact, also when negative
        const int64_t q = (col + v.pad_left - s * v.dilation_w) / v.stride_w;
        if (!inside(p, v.p) || !inside(q, v.q)) return acc;
        return numerics::fma(dy[((n * v.p + p) * v.q + q) * v.k + k], w[((r * v.s + s) * v.c + c) * v.k + k], acc);
    });
}

void input_gradient(const Conv2D& v, const float* dy, const float* w, float* dx, std::byte*) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t h = 0; h < v.h; ++h)
            for (int64_t col = 0; col < v.w; ++col)
                for (int64_t c = 0; c < v.c; ++c) *dx++ = input_gradient_sum(v, dy, w, n, h, col, c) + 0.0F;
}

// One value of the weight gradient: terms (n, p, q), q fastest.
float weight_gradient_sum(const Conv2D& v, const float* x, const float* dy, int64_t r, int64_t s, int64_t c, int64_t k) {
    return long_sum(numerics::over_pixels(v.n, v.p, v.q), v.n * v.p * v.q, [&](int64_t t, float acc) {
        const int64_t n = t / (v.p * v.q);
        const int64_t row = t / v.q % v.p * v.stride_h - v.pad_top + r * v.dilation_h;
        const int64_t col = t % v.q * v.stride_w - v.pad_left + s * v.dilation_w;
        if (!inside(row, v.h) || !inside(col, v.w)) return acc;
        return numerics::fma(x[((n * v.h + row) * v.w + col) * v.c + c], dy[t * v.k + k], acc);
    });
}

void weight_gradient(const Conv2D& v, const float* x, const float* dy, float* dw, std::byte*) {
    for (int64_t r = 0; r < v.r; ++r)
        for (int64_t s = 0; s < v.s; ++s)
            for (int64_t c = 0; c < v.c; ++c)
                for (int64_t k = 0; k < v.k; ++k) *dw++ = weight_gradient_sum(v, x, dy, r, s, c, k) + 0.0F;
}

std::size_t workspace(const Conv2D&, ConvPass) { return 0; }

}  // namespace

void fill_conv2d(Table& table) {
    table.conv2d_forward = forward;
    table.conv2d_input_gradient = input_gradient;
    table.conv2d_weight_gradient = weight_gradient;
    table.conv2d_workspace = workspace;
}

}  // namespace samebits::kernels::ref
