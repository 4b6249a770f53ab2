#include <cmath>
#include <cstdio>

#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

struct Padding {
    std::int64_t top, left, bottom, right;
};
constexpr Padding valid{0, 0, 0, 0};

struct Pair {
    std::int64_t h, w;
};

// Kernel sizes, strides and padding of one layer; the output size follows.
Conv2D layer(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t k, std::int64_t r, std::int64_t s,
             std::int64_t stride_h, std::int64_t stride_w, Padding pad) {
    const std::int64_t p = (h + pad.top + pad.bottom - r) / stride_h + 1;
    const std::int64_t q = (w + pad.left + pad.right - s) / stride_w + 1;
    return {n, h, w, c, k, r, s, stride_h, stride_w, pad.top, pad.left, p, q};
}

// Keras's "same": ceil(size / stride) outputs, the odd zero at the end.
Conv2D same(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t k, std::int64_t r, std::int64_t s,
            std::int64_t stride) {
    const auto total = [stride](std::int64_t size, std::int64_t window) {
        return std::max<std::int64_t>(((size + stride - 1) / stride - 1) * stride + window - size, 0);
    };
    const std::int64_t rows = total(h, r);
    const std::int64_t cols = total(w, s);
    return layer(n, h, w, c, k, r, s, stride, stride, {rows / 2, cols / 2, rows - rows / 2, cols - cols / 2});
}

std::int64_t x_size(const Conv2D& v) { return v.n * v.h * v.w * v.c; }
std::int64_t w_size(const Conv2D& v) { return v.r * v.s * v.c * v.k; }
std::int64_t y_size(const Conv2D& v) { return v.n * v.p * v.q * v.k; }

std::string text(const Conv2D& v) {
    char line[160];
    std::snprintf(line, sizeof line, "x (%d, %d, %d, %d), w (%d, %d, %d, %d), strides %d %d, padding %d %d, y %d x %d",
                  static_cast<int>(v.n), static_cast<int>(v.h), static_cast<int>(v.w), static_cast<int>(v.c),
                  static_cast<int>(v.r), static_cast<int>(v.s), static_cast<int>(v.c), static_cast<int>(v.k),
                  static_cast<int>(v.stride_h), static_cast<int>(v.stride_w), static_cast<int>(v.pad_top),
                  static_cast<int>(v.pad_left), static_cast<int>(v.p), static_cast<int>(v.q));
    return line;
}

// Ordinary numbers over eight powers of two; one in eight a zero of either sign, a subnormal, or so small that products
// underflow to zeros of either sign.
Floats mixed(std::int64_t count, std::uint64_t seed) {
    static constexpr float small[] = {0.0F, -0.0F, 0x1p-149F, -0x1p-149F, 0x1.8p-130F, -0x1p-126F, 0x1p-75F, -0x1.8p-75F};
    Numbers numbers(seed);
    Floats x(static_cast<std::size_t>(count));
    for (float& v : x) {
        const int choice = static_cast<int>(numbers.between(0.0F, 64.0F));
        v = choice < 8 ? small[choice] : std::ldexp(numbers.between(-1.0F, 1.0F), choice % 8 - 4);
    }
    return x;
}

struct Data {
    Floats x, w, bias, dy;

    explicit Data(const Conv2D& v)
        : x(mixed(x_size(v), 1)), w(mixed(w_size(v), 2)), bias(mixed(v.k, 3)), dy(mixed(y_size(v), 4)) {}
};

// One pass by one table into poisoned memory; whatever it writes outside is an error.
Floats run(const Table& table, const Conv2D& v, ConvPass pass, const Data& data, Activation activation, bool bias) {
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.conv2d_workspace(v, pass)));
    Guarded<float> out(pass == ConvPass::forward ? y_size(v) : pass == ConvPass::input_gradient ? x_size(v) : w_size(v));
    switch (pass) {
        case ConvPass::forward:
            table.conv2d_forward(v, data.x.data(), data.w.data(), bias ? data.bias.data() : nullptr, activation, out.data(),
                                 workspace.data());
            break;
        case ConvPass::input_gradient:
            table.conv2d_input_gradient(v, data.dy.data(), data.w.data(), out.data(), workspace.data());
            break;
        case ConvPass::weight_gradient:
            table.conv2d_weight_gradient(v, data.x.data(), data.dy.data(), out.data(), workspace.data());
            break;
    }
    CHECK(workspace.intact());
    CHECK(out.intact());
    return {out.values().begin(), out.values().end()};
}

constexpr ConvPass passes[] = {ConvPass::forward, ConvPass::input_gradient, ConvPass::weight_gradient};
constexpr const char* pass_names[] = {"forward", "input gradient", "weight gradient"};

void check_against_reference(const Conv2D& v, Activation activation = Activation::linear, bool bias = true) {
    const Data data(v);
    Floats want[3];
    for (int i = 0; i < 3; ++i) want[i] = run(reference(), v, passes[i], data, activation, bias);
    for_every_table([&](const Table& table, const std::string& name) {
        for (int i = 0; i < 3; ++i) {
            INFO(pass_names[i] << ", " << text(v) << ", " << name);
            CHECK(first_difference(run(table, v, passes[i], data, activation, bias), want[i]) == "");
        }
    });
}

// body(n, p, q, r, s, input row, input column) for every tap inside the input, outputs ascending, taps ascending.
template <class Body>
void for_taps(const Conv2D& v, Body body) {
    for (std::int64_t n = 0; n < v.n; ++n)
        for (std::int64_t p = 0; p < v.p; ++p)
            for (std::int64_t q = 0; q < v.q; ++q)
                for (std::int64_t r = 0; r < v.r; ++r)
                    for (std::int64_t s = 0; s < v.s; ++s) {
                        const std::int64_t h = p * v.stride_h + r - v.pad_top;
                        const std::int64_t w = q * v.stride_w + s - v.pad_left;
                        if (h >= 0 && h < v.h && w >= 0 && w < v.w) body(n, p, q, r, s, h, w);
                    }
}

// All three passes by scattering: every sum meets its terms in the canonical order. add(sum, a, b) adds a product.
template <class Real, class Add>
void scatter(const Conv2D& v, const Data& data, std::vector<Real> (&out)[3], Add add) {
    for (int i = 0; i < 3; ++i) out[i].assign(static_cast<std::size_t>(i == 0 ? y_size(v) : i == 1 ? x_size(v) : w_size(v)), 0);
    for_taps(v, [&](auto n, auto p, auto q, auto r, auto s, auto h, auto w) {
        for (std::int64_t c = 0; c < v.c; ++c)
            for (std::int64_t k = 0; k < v.k; ++k) {
                const auto x = static_cast<std::size_t>(((n * v.h + h) * v.w + w) * v.c + c);
                const auto y = static_cast<std::size_t>(((n * v.p + p) * v.q + q) * v.k + k);
                const auto f = static_cast<std::size_t>(((r * v.s + s) * v.c + c) * v.k + k);
                add(out[0][y], data.x[x], data.w[f]);
                add(out[1][x], data.dy[y], data.w[f]);
                add(out[2][f], data.x[x], data.dy[y]);
            }
    });
}

// (N*P*Q, R*S*C): the window of every output pixel, +0 where it lies in the padding.
Floats windows(const Conv2D& v, const Floats& x) {
    Floats matrix(static_cast<std::size_t>(v.n * v.p * v.q * v.r * v.s * v.c), 0.0F);
    for_taps(v, [&](auto n, auto p, auto q, auto r, auto s, auto h, auto w) {
        const auto to = ((((n * v.p + p) * v.q + q) * v.r + r) * v.s + s) * v.c;
        std::copy_n(x.begin() + ((n * v.h + h) * v.w + w) * v.c, v.c, matrix.begin() + to);
    });
    return matrix;
}

// (M, N) = op(A) * op(B) by the reference's GEMM.
Floats product(GemmLayout layout, std::int64_t m, std::int64_t n, std::int64_t k, const Floats& a, const Floats& b,
               numerics::Chunking chunking) {
    Floats c(static_cast<std::size_t>(m * n));
    const std::int64_t lda = layout == GemmLayout::tn ? m : k;
    reference().gemm({layout, m, n, k, a.data(), lda, b.data(), n, c.data(), n, chunking}, nullptr);
    return c;
}

// The convolution of dy that is the input gradient of a convolution with strides 1, and its weights (R, S, K, C).
Conv2D turned(const Conv2D& v) {
    return {v.n, v.p, v.q, v.k, v.c, v.r, v.s, 1, 1, v.r - 1 - v.pad_top, v.s - 1 - v.pad_left, v.h, v.w};
}
Floats flipped(const Conv2D& v, const Floats& w) {
    Floats f(w.size());
    for (std::int64_t tap = 0; tap < v.r * v.s; ++tap)
        for (std::int64_t c = 0; c < v.c; ++c)
            for (std::int64_t k = 0; k < v.k; ++k)
                f[static_cast<std::size_t>(((v.r * v.s - 1 - tap) * v.k + k) * v.c + c)] =
                    w[static_cast<std::size_t>((tap * v.c + c) * v.k + k)];
    return f;
}

std::vector<Conv2D> small_layers() {
    return {layer(2, 5, 6, 3, 4, 3, 3, 1, 1, valid),        layer(1, 7, 5, 2, 5, 3, 2, 2, 1, {1, 0, 1, 1}),
            layer(3, 4, 4, 5, 3, 1, 1, 1, 1, valid),        layer(2, 6, 6, 1, 7, 5, 5, 1, 1, {2, 2, 2, 2}),
            layer(1, 9, 8, 2, 3, 3, 3, 3, 2, {1, 2, 0, 1}), layer(2, 3, 3, 4, 2, 2, 3, 1, 3, {1, 3, 0, 2}),
            layer(1, 6, 6, 3, 3, 1, 1, 3, 2, valid)};
}

}  // namespace

TEST_CASE("conv2d reference: sums of at most 512 terms are plain chains in ascending order, and end in + 0") {
    for (const Conv2D& v : small_layers()) {
        const Data data(v);
        Floats want[3];
        scatter(v, data, want, [](float& sum, float a, float b) { sum = std::fma(a, b, sum); });
        for (std::size_t i = 0; i < want[0].size(); ++i) want[0][i] += data.bias[i % static_cast<std::size_t>(v.k)];
        for (int i = 0; i < 3; ++i) {
            for (float& sum : want[i]) sum += 0.0F;
            INFO(pass_names[i] << ", " << text(v));
            CHECK(first_difference(run(reference(), v, passes[i], data, Activation::linear, true), want[i]) == "");
        }
    }
}

TEST_CASE("conv2d reference: chunks and segments are those of the product of windows and weights") {
    for (const Conv2D& v : {same(1, 4, 4, 57, 60, 3, 3, 1), same(1, 3, 3, 472, 5, 3, 3, 1), same(1, 3, 3, 5, 472, 3, 3, 1),
                            same(3, 40, 40, 2, 3, 3, 2, 1), layer(70, 8, 9, 2, 3, 2, 3, 1, 1, {1, 0, 0, 2})}) {
        INFO(text(v));
        const Data data(v);
        const std::int64_t pixels = v.n * v.p * v.q;
        const std::int64_t taps = v.r * v.s;
        const Floats x = windows(v, data.x);
        const Floats want[] = {
            product(GemmLayout::nn, pixels, v.k, taps * v.c, x, data.w, numerics::over_terms(taps * v.c)),
            product(GemmLayout::nn, v.n * v.h * v.w, v.c, taps * v.k, windows(turned(v), data.dy), flipped(v, data.w),
                    numerics::over_terms(taps * v.k)),
            product(GemmLayout::tn, taps * v.c, v.k, pixels, x, data.dy, numerics::over_pixels(v.n, v.p, v.q))};
        for (int i = 0; i < 3; ++i) {
            INFO(pass_names[i]);
            CHECK(first_difference(run(reference(), v, passes[i], data, Activation::linear, false), want[i]) == "");
        }
    }
}

TEST_CASE("conv2d reference is the mathematics, within the rounding errors of a chain") {
    auto layers = small_layers();
    layers.push_back(layer(2, 3, 3, 140, 300, 2, 2, 1, 1, {1, 0, 0, 1}));
    layers.push_back(layer(2, 24, 24, 2, 3, 3, 3, 1, 1, {1, 1, 1, 1}));
    for (const Conv2D& v : layers) {
        const Data data(v);
        std::vector<double> exact[3];
        std::vector<double> size[3];
        scatter(v, data, exact, [](double& sum, float a, float b) { sum += static_cast<double>(a) * static_cast<double>(b); });
        scatter(v, data, size,
                [](double& sum, float a, float b) { sum += std::fabs(static_cast<double>(a) * static_cast<double>(b)); });
        for (int i = 0; i < 3; ++i) {
            INFO(pass_names[i] << ", " << text(v));
            const Floats got = run(reference(), v, passes[i], data, Activation::linear, false);
            double worst = 0;  // error over its bound: 512 terms a chain and the folds, each rounding at most half an ulp
            for (std::size_t j = 0; j < got.size(); ++j)
                worst = std::max(
                    worst, std::fabs(static_cast<double>(got[j]) - exact[i][j]) / (530 * 0x1p-24 * size[i][j] + 0x1p-140));
            CHECK(worst <= 1);
        }
    }
}

TEST_CASE("conv2d: channels and filters around the vector's width") {
    for (const std::int64_t c : {1, 3, 5, 16, 17, 64})
        for (const std::int64_t k : {1, 2, 10, 16, 17, 33}) check_against_reference(same(1, 4, 5, c, k, 3, 3, 1));
}

TEST_CASE("conv2d: windows, strides and padding") {
    for (const Pair window : {Pair{1, 1}, {3, 3}, {5, 5}, {2, 3}, {7, 7}})
        for (const Pair stride : {Pair{1, 1}, {2, 2}, {3, 3}, {1, 2}, {3, 2}})
            for (const Padding pad : {valid, {1, 1, 1, 1}, {2, 0, 1, 3}, {0, 3, 4, 0}})
                check_against_reference(layer(2, 8, 9, 3, 5, window.h, window.w, stride.h, stride.w, pad));
    for (const std::int64_t window : {2, 3, 5})
        for (const std::int64_t stride : {1, 2, 3}) check_against_reference(same(2, 7, 10, 13, 18, window, window, stride));
}

TEST_CASE("conv2d: rows of pixels around the vector's width and the tiles' heights") {
    for (std::int64_t w = 1; w <= 40; w += w < 20 ? 1 : 4)
        for (const Padding pad : {valid, {1, 2, 1, 0}, {4, 4, 4, 4}})
            for (const std::int64_t window : {1, 3}) {
                if (w + pad.left + pad.right < window) continue;
                check_against_reference(layer(1, 3, w, 2, 18, 3, window, 1, 1, pad));
                check_against_reference(layer(2, 4, 2 * w + 1, 3, 5, 3, window, 2, 2, pad));
            }
}

TEST_CASE("conv2d: few output channels, forward or as an input gradient") {
    for (const std::int64_t channels : {1, 2, 3, 4, 5})
        for (const std::int64_t w : {3, 16, 17, 33})
            for (const std::int64_t stride : {1, 2, 3}) {
                check_against_reference(same(2, 5, w, channels, 7, 3, 3, stride), Activation::relu);
                check_against_reference(same(2, 5, w, 7, channels, 3, 5, stride), Activation::tanh);
                check_against_reference(layer(1, 9, w, channels, 3, 2, 3, stride, 1, {2, 3, 0, 4}));
            }
    for (const Pair dilation : {Pair{2, 1}, {1, 3}, {3, 2}}) {
        Conv2D v = layer(2, 11, 37, 3, 2, 2 * dilation.h + 1, 2 * dilation.w + 1, 1, 1, {1, 3, 2, 0});
        v.r = v.s = 3;
        v.dilation_h = dilation.h;
        v.dilation_w = dilation.w;
        check_against_reference(v);
    }
    check_against_reference(same(2, 7, 40, 3, 60, 3, 3, 1));   // 540 terms of the input gradient
    check_against_reference(same(1, 4, 20, 470, 2, 3, 3, 1));  // 4,230 terms: two segments
    check_against_reference(same(4, 70, 40, 1, 64, 3, 3, 1));  // several blocks of rows
    check_against_reference(same(1, 1, 1000, 2, 100, 1, 7, 1));
}

TEST_CASE("conv2d: weight gradients whose tiles end with a row of the window") {
    for (const std::int64_t c : {3, 5, 13})
        for (const std::int64_t window : {1, 4, 5, 7})
            for (const std::int64_t k : {5, 16, 33}) check_against_reference(same(2, 9, 30, c, k, window, window, 2));
}

TEST_CASE("conv2d: dilation is a window with zeros between its taps; every instruction set equals the reference") {
    for (const Pair dilation : {Pair{2, 2}, {3, 1}, {1, 2}, {2, 4}})
        for (const std::int64_t c : {1, 5, 17})
            for (const Padding pad : {valid, {2, 1, 0, 3}, {4, 4, 4, 4}}) {
                const Conv2D wide = layer(2, 11, 13, c, 18, 2 * dilation.h + 1, 2 * dilation.w + 1, 1, 1, pad);
                Conv2D v = wide;
                v.r = v.s = 3;
                v.dilation_h = dilation.h;
                v.dilation_w = dilation.w;
                check_against_reference(v);
                const Data data(v);
                Data spread(wide);
                spread.w.assign(spread.w.size(), 0.0F);
                for (std::int64_t i = 0; i < w_size(v); ++i) {
                    const std::int64_t rest = i % (v.c * v.k);
                    const std::int64_t row = i / (v.c * v.k) / 3 * dilation.h;
                    const std::int64_t col = i / (v.c * v.k) % 3 * dilation.w;
                    spread.w[static_cast<std::size_t>((row * wide.s + col) * v.c * v.k + rest)] =
                        data.w[static_cast<std::size_t>(i)];
                }
                INFO(text(v));
                for (const ConvPass pass : {ConvPass::forward, ConvPass::input_gradient})  // zeros add nothing: one chunk each
                    if (wide.r * wide.s * (pass == ConvPass::forward ? v.c : v.k) <= numerics::chunk_terms)
                        CHECK(first_difference(run(reference(), v, pass, data, Activation::linear, true),
                                               run(reference(), wide, pass, spread, Activation::linear, true)) == "");
            }
}

TEST_CASE("conv2d: terms around chunks and segments") {
    for (const std::int64_t terms : {511, 512, 513, 1025, 1537, 4096, 4097}) {
        check_against_reference(layer(1, 2, 3, terms, 17, 1, 1, 1, 1, valid));
        check_against_reference(layer(1, 2, 3, 17, terms, 1, 1, 1, 1, valid));
    }
    check_against_reference(same(1, 4, 4, 57, 3, 3, 3, 1));    // 513 terms: the last one alone
    check_against_reference(same(1, 4, 4, 3, 120, 3, 3, 1));   // chunks that end inside a tap of the input gradient
    check_against_reference(same(2, 3, 3, 472, 35, 3, 3, 1));  // 4,248 terms: two segments
    check_against_reference(same(2, 5, 4, 7, 1900, 3, 3, 2));  // phases of 4,096 and fewer
}

TEST_CASE("conv2d: output pixels around chunks and segments") {
    for (const std::int64_t n : {0, 1, 2, 5, 9, 33}) {
        check_against_reference(same(n, 6, 6, 5, 16, 3, 3, 1));
        check_against_reference(layer(n, 3, 3, 4, 3, 3, 3, 1, 1, valid));
        check_against_reference(layer(n, 1, 600, 2, 3, 1, 3, 1, 1, {0, 1, 0, 1}));
    }
    check_against_reference(layer(600, 1, 1, 3, 10, 1, 1, 1, 1, valid));
    check_against_reference(layer(5, 16, 32, 2, 17, 1, 1, 1, 1, valid));   // chunks of one sample, 512 pixels
    check_against_reference(layer(33, 28, 28, 1, 8, 3, 3, 1, 1, valid));   // 676 pixels: 19 rows and 7 rows
    check_against_reference(same(3, 40, 40, 3, 5, 3, 3, 1));               // 12 rows a chunk
    check_against_reference(same(10, 40, 40, 3, 16, 3, 3, 2));             // 400 pixels: one sample a chunk
    check_against_reference(layer(5, 2, 257, 96, 33, 1, 1, 1, 1, valid));  // 10 chunks, many tiles
    check_against_reference(layer(3, 4, 257, 5, 70, 1, 3, 1, 1, {0, 1, 0, 1}));
}

TEST_CASE("conv2d: bias and activation") {
    for (const Activation activation : {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid})
        for (const bool bias : {false, true}) check_against_reference(same(2, 5, 5, 4, 21, 3, 3, 1), activation, bias);
}

TEST_CASE("conv2d: a sum of zeros is +0, whatever their signs") {
    const Conv2D v = same(1, 4, 4, 3, 20, 3, 3, 2);
    Data data(v);
    for (Floats* x : {&data.x, &data.bias, &data.dy}) x->assign(x->size(), -0.0F);
    for (float& w : data.w) w = std::fabs(w);
    for (const ConvPass pass : passes)
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(pass_names[static_cast<int>(pass)] << ", " << name);
            const Floats got = run(table, v, pass, data, Activation::linear, true);
            CHECK(first_difference(got, Floats(got.size(), 0.0F)) == "");
        });
}

TEST_CASE("conv2d: where the reference is not finite, every kernel is not finite") {
    const Conv2D v = same(2, 6, 6, 3, 18, 3, 3, 1);
    for (const float bad : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
        Data data(v);
        data.x[17] = bad;
        data.w[31] = -bad;
        data.dy[1290] = bad;
        for (const ConvPass pass : passes) {
            const Floats want = run(reference(), v, pass, data, Activation::linear, true);
            CHECK(std::any_of(want.begin(), want.end(), [](float x) { return !std::isfinite(x); }));
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(pass_names[static_cast<int>(pass)] << ", " << name);
                const Floats got = run(table, v, pass, data, Activation::linear, true);
                bool lost = false;
                for (std::size_t i = 0; i < want.size(); ++i) lost |= !std::isfinite(want[i]) && std::isfinite(got[i]);
                CHECK_FALSE(lost);
            });
        }
    }
}

TEST_CASE("conv2d: the workspace does not fall when the batch grows") {
    for (const Isa isa : available_isas())
        for (const ConvPass pass : passes) {
            std::size_t before[4] = {};
            for (std::int64_t n = 0; n < 70; ++n) {
                const Conv2D layers[] = {same(n, 28, 28, 1, 32, 3, 3, 1), same(n, 8, 8, 96, 64, 3, 3, 1),
                                         same(n, 33, 40, 64, 64, 3, 3, 2), same(n, 33, 200, 64, 2, 5, 5, 1)};
                for (int i = 0; i < 4; ++i) {
                    const std::size_t bytes = table(isa).conv2d_workspace(layers[i], pass);
                    CHECK(bytes >= before[i]);
                    before[i] = bytes;
                }
            }
        }
}

TEST_CASE("conv2d: a window of one cell has the bits of gemm in all passes") {
    for (const Conv2D& v : {layer(3, 5, 6, 40, 33, 1, 1, 1, 1, valid), layer(33, 28, 28, 3, 20, 1, 1, 1, 1, valid),
                            layer(2, 3, 3, 4500, 5, 1, 1, 1, 1, valid)}) {
        INFO(text(v));
        const Data data(v);
        const std::int64_t pixels = v.n * v.p * v.q;
        const Table& fast = table(available_isas().back());
        const auto product_of = [&](GemmLayout layout, std::int64_t m, std::int64_t n, std::int64_t k, const Floats& a,
                                    std::int64_t lda, const Floats& b, std::int64_t ldb, numerics::Chunking chunking) {
            Floats c(static_cast<std::size_t>(m * n));
            const Gemm gemm{layout, m, n, k, a.data(), lda, b.data(), ldb, c.data(), n, chunking};
            Guarded<std::byte> workspace(static_cast<std::int64_t>(fast.gemm_workspace(gemm)));
            fast.gemm(gemm, workspace.data());
            return c;
        };
        const Floats want[] = {
            product_of(GemmLayout::nn, pixels, v.k, v.c, data.x, v.c, data.w, v.k, numerics::over_terms(v.c)),
            product_of(GemmLayout::nt, pixels, v.c, v.k, data.dy, v.k, data.w, v.k, numerics::over_terms(v.k)),
            product_of(GemmLayout::tn, v.c, v.k, pixels, data.x, v.c, data.dy, v.k, numerics::over_pixels(v.n, v.p, v.q))};
        for (int i = 0; i < 3; ++i) {
            INFO(pass_names[i]);
            CHECK(first_difference(run(fast, v, passes[i], data, Activation::linear, false), want[i]) == "");
        }
    }
}
