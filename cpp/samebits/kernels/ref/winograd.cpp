#include "samebits/kernels/winograd.h"

#include <vector>

#include "samebits/kernels/ref/activate.h"
#include "samebits/kernels/ref/long_sum.h"
#include "samebits/kernels/ref/taps.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"
#include "samebits/numerics/winograd.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

struct Scalar {
    using Real = float;
    static constexpr bool apart = false;
    static float set(float x) { return x; }
    static float fma(float a, float b, float c) { return numerics::fma(a, b, c); }
};

// What the window of output (n, p, q) begins with, of one channel; +0 outside.
float cell(const Conv2D& v, const float* x, int64_t n, int64_t p, int64_t q, int64_t c) {
    const int64_t row = p - v.pad_top;
    const int64_t col = q - v.pad_left;
    return inside(row, v.h) && inside(col, v.w) ? x[((n * v.h + row) * v.w + col) * v.c + c] : 0.0F;
}

// F: Winograd2 or Winograd4. weight(r, s, c, k): the window, flipped and swapped where it is an input gradient's.
template <class F, class Weight>
void convolve(const Conv2D& v, const float* x, Weight weight, const float* bias, Activation activation, float* y) {
    constexpr int m = F::outputs;
    constexpr int points = F::points;
    std::vector<float> u(static_cast<std::size_t>(points * points * v.c * v.k));  // [point][c][k]
    for (int64_t c = 0; c < v.c; ++c)
        for (int64_t k = 0; k < v.k; ++k)
            numerics::winograd_filter<F, Scalar>([&](int r, int s) { return weight(r, s, c, k); },
                                                 [&](int i, int j, float value) {
                                                     u[static_cast<std::size_t>(((i * points + j) * v.c + c) * v.k + k)] =
                                                         value;
                                                 });
    std::vector<float> d(static_cast<std::size_t>(points * points * v.c));  // [point][c] of one tile
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t p = 0; p < v.p; p += m)
            for (int64_t q = 0; q < v.q; q += m) {
                for (int64_t c = 0; c < v.c; ++c)
                    numerics::winograd_input<F, Scalar>(
                        [&](int i, int j) { return cell(v, x, n, p + i, q + j, c); },
                        [&](int i, int j, float value) { d[static_cast<std::size_t>((i * points + j) * v.c + c)] = value; });
                for (int64_t k = 0; k < v.k; ++k)
                    numerics::winograd_output<F, Scalar>(
                        [&](int i, int j) {
                            return long_sum(numerics::over_terms(v.c), v.c, [&](int64_t c, float acc) {
                                const int64_t at = (i * points + j) * v.c + c;
                                return numerics::fma(d[static_cast<std::size_t>(at)], u[static_cast<std::size_t>(at * v.k + k)],
                                                     acc);
                            });
                        },
                        [&](int i, int j, float sum) {
                            if (p + i < v.p && q + j < v.q)
                                y[((n * v.p + p + i) * v.q + q + j) * v.k + k] =
                                    activate(activation, (bias == nullptr ? sum : sum + bias[k]) + 0.0F);
                        });
            }
}

template <class Weight>
void convolve(const Conv2D& v, WinogradTile tile, const float* x, Weight weight, const float* bias, Activation activation,
              float* y) {
    if (tile == WinogradTile::f2) return convolve<numerics::Winograd2>(v, x, weight, bias, activation, y);
    convolve<numerics::Winograd4>(v, x, weight, bias, activation, y);
}

void forward(const Winograd& winograd, const float* x, const float* w, const float* bias, Activation activation, float* y,
             std::byte*) {
    const Conv2D& v = winograd.conv;
    const auto weight = [&](int64_t r, int64_t s, int64_t c, int64_t k) { return w[((r * 3 + s) * v.c + c) * v.k + k]; };
    convolve(v, winograd.tile, x, weight, bias, activation, y);
}

void input_gradient(const Winograd& winograd, const float* dy, const float* w, float* dx, std::byte*) {
    const Conv2D& v = winograd.conv;
    const auto weight = [&](int64_t r, int64_t s, int64_t k, int64_t c) {
        return w[(((2 - r) * 3 + 2 - s) * v.c + c) * v.k + k];
    };
    convolve(transposed(v), winograd.tile, dy, weight, nullptr, Activation::linear, dx);
}

// F: Winograd2 or Winograd4. Every point is summed over the tiles (n, i, j).
template <class F>
void filter_gradient(const Conv2D& v, const float* x, const float* dy, float* dw) {
    constexpr int m = F::outputs;
    constexpr int points = F::points;
    const int64_t down = (v.p + m - 1) / m;
    const int64_t across = (v.q + m - 1) / m;
    const int64_t tiles = v.n * down * across;
    const auto at = [](int64_t tile, int64_t channels, int64_t channel, int point) {
        return static_cast<std::size_t>((tile * channels + channel) * points * points + point);
    };
    std::vector<float> in(static_cast<std::size_t>(tiles * v.c * points * points));
    std::vector<float> out(static_cast<std::size_t>(tiles * v.k * points * points));
    for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t n = tile / (down * across);
        const int64_t p = tile / across % down * m;
        const int64_t q = tile % across * m;
        for (int64_t c = 0; c < v.c; ++c)
            numerics::winograd_input<F, Scalar>(
                [&](int i, int j) { return cell(v, x, n, p + i, q + j, c); },
                [&](int i, int j, float value) { in[at(tile, v.c, c, i * points + j)] = value; });
        for (int64_t k = 0; k < v.k; ++k)
            numerics::winograd_output_gradient<F, Scalar>(
                [&](int i, int j) {
                    return p + i < v.p && q + j < v.q ? dy[((n * v.p + p + i) * v.q + q + j) * v.k + k] : 0.0F;
                },
                [&](int i, int j, float value) { out[at(tile, v.k, k, i * points + j)] = value; });
    }
    for (int64_t c = 0; c < v.c; ++c)
        for (int64_t k = 0; k < v.k; ++k)
            numerics::winograd_filter_gradient<F, Scalar>(
                [&](int i, int j) {
                    return long_sum(numerics::over_tiles(v.n, down, across), tiles, [&](int64_t tile, float acc) {
                        return numerics::fma(in[at(tile, v.c, c, i * points + j)], out[at(tile, v.k, k, i * points + j)], acc);
                    });
                },
                [&](int r, int s, float value) { dw[((3 * r + s) * v.c + c) * v.k + k] = value + 0.0F; });
}

void weight_gradient(const Winograd& winograd, const float* x, const float* dy, float* dw, std::byte*) {
    if (winograd.tile == WinogradTile::f2) return filter_gradient<numerics::Winograd2>(winograd.conv, x, dy, dw);
    filter_gradient<numerics::Winograd4>(winograd.conv, x, dy, dw);
}

std::size_t workspace(const Winograd&, ConvPass) { return 0; }

}  // namespace

void fill_winograd(Table& table) {
    table.winograd_forward = forward;
    table.winograd_input_gradient = input_gradient;
    table.winograd_weight_gradient = weight_gradient;
    table.winograd_workspace = workspace;
}

}  // namespace samebits::kernels::ref
