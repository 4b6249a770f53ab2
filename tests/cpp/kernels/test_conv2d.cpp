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

void check_against_reference(const Conv2D& v, Activation activation = Activation::linear, bool bias = false) {
    const Data data(v);
    for (const ConvPass pass : passes) {
        const Floats want = run(reference(), v, pass, data, activation, bias);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(pass_names[static_cast<int>(pass)] << ", " << text(v) << ", " << name);
            CHECK(first_difference(run(table, v, pass, data, activation, bias), want) == "");
        });
    }
}

}  // namespace

TEST_CASE("conv2d: channels and filters around the vector's width") {
    for (const std::int64_t c : {1, 3, 5, 16, 17, 64})
        for (const std::int64_t k : {1, 2, 10, 16, 17, 33}) check_against_reference(same(1, 4, 5, c, k, 3, 3, 1));
}
