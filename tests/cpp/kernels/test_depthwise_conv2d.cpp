#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

struct Padding {
    std::int64_t top, left, bottom, right;
};

struct Steps {
    std::int64_t h, w;
};

DepthwiseConv2D layer(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t m, std::int64_t r,
                      std::int64_t s, Steps stride = {1, 1}, Padding pad = {0, 0, 0, 0}, Steps dilation = {1, 1}) {
    const std::int64_t p = (h + pad.top + pad.bottom - (r - 1) * dilation.h - 1) / stride.h + 1;
    const std::int64_t q = (w + pad.left + pad.right - (s - 1) * dilation.w - 1) / stride.w + 1;
    return {n, h, w, c, m, r, s, stride.h, stride.w, dilation.h, dilation.w, pad.top, pad.left, p, q};
}

std::int64_t x_size(const DepthwiseConv2D& v) { return v.n * v.h * v.w * v.c; }
std::int64_t w_size(const DepthwiseConv2D& v) { return v.r * v.s * v.c * v.m; }
std::int64_t y_size(const DepthwiseConv2D& v) { return v.n * v.p * v.q * v.c * v.m; }

std::string text(const DepthwiseConv2D& v) {
    std::string line;
    for (const std::int64_t i : {v.n, v.h, v.w, v.c, v.m, v.r, v.s, v.stride_h, v.stride_w, v.dilation_h, v.dilation_w,
                                 v.pad_top, v.pad_left, v.p, v.q})
        line += std::to_string(i) + " ";
    return "n h w c, m r s, strides, dilation, padding, p q: " + line;
}

struct Data {
    Floats x, w, bias, dy;

    explicit Data(const DepthwiseConv2D& v, bool edgy = false)
        : x(numbers(1, x_size(v), edgy)),
          w(numbers(2, w_size(v), edgy)),
          bias(numbers(3, v.c * v.m, edgy)),
          dy(numbers(4, y_size(v), edgy)) {}

    static Floats numbers(std::uint64_t seed, std::int64_t count, bool edgy) {
        return edgy ? Numbers(seed).edgy_vector(count) : Numbers(seed).vector(count, -1.0F, 1.0F);
    }
};

struct Result {
    Floats y, dx, dw;
};

Result run(const Table& table, const DepthwiseConv2D& v, const Data& data, Activation activation = Activation::linear,
           bool bias = true) {
    Guarded<float> y(y_size(v));
    Guarded<float> dx(x_size(v));
    Guarded<float> dw(w_size(v));
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.depthwise_conv2d_workspace(v)));
    table.depthwise_conv2d_forward(v, data.x.data(), data.w.data(), bias ? data.bias.data() : nullptr, activation, y.data());
    table.depthwise_conv2d_input_gradient(v, data.dy.data(), data.w.data(), dx.data());
    table.depthwise_conv2d_weight_gradient(v, data.x.data(), data.dy.data(), dw.data(), workspace.data());
    CHECK((y.intact() && dx.intact() && dw.intact() && workspace.intact()));
    const auto copy = [](Guarded<float>& from) { return Floats(from.values().begin(), from.values().end()); };
    return {copy(y), copy(dx), copy(dw)};
}

void check_against_reference(const DepthwiseConv2D& v, Activation activation = Activation::linear, bool bias = true,
                             bool edgy = false) {
    const Data data(v, edgy);
    const Result want = run(reference(), v, data, activation, bias);
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(text(v) << name);
        const Result got = run(table, v, data, activation, bias);
        CHECK(first_difference_of_numbers(got.y, want.y) == "");
        CHECK(first_difference_of_numbers(got.dx, want.dx) == "");
        CHECK(first_difference_of_numbers(got.dw, want.dw) == "");
    });
}

// A convolution of one channel of the input and one of its windows: what the depthwise one must equal, channel by channel.
Conv2D one_channel(const DepthwiseConv2D& v) {
    return {v.n, v.h, v.w, 1, 1, v.r, v.s, v.stride_h, v.stride_w, v.pad_top, v.pad_left, v.p, v.q, v.dilation_h, v.dilation_w};
}

// Every `step`th element from `first` on.
Floats every(const Floats& x, std::int64_t first, std::int64_t step) {
    Floats taken;
    for (auto i = static_cast<std::size_t>(first); i < x.size(); i += static_cast<std::size_t>(step)) taken.push_back(x[i]);
    return taken;
}

std::vector<DepthwiseConv2D> layers() {
    return {layer(2, 6, 7, 3, 1, 3, 3),
            layer(1, 7, 6, 5, 2, 3, 2, {2, 1}, {1, 0, 1, 1}),
            layer(2, 8, 8, 17, 1, 3, 3, {1, 1}, {1, 1, 1, 1}),
            layer(1, 9, 8, 16, 3, 5, 5, {2, 2}, {2, 1, 2, 2}),
            layer(1, 5, 5, 33, 1, 1, 1),
            layer(2, 9, 10, 4, 2, 3, 3, {1, 1}, {2, 2, 2, 2}, {2, 2}),
            layer(1, 11, 7, 18, 1, 3, 2, {1, 1}, {3, 1, 0, 1}, {3, 2}),
            layer(1, 7, 9, 2, 1, 2, 2, {3, 4}),
            layer(1, 3, 3, 2, 2, 3, 3, {1, 1}, {3, 4, 3, 4}),
            layer(1, 6, 12, 3, 1, 2, 7, {1, 1}, {0, 2, 0, 1}),
            layer(0, 4, 4, 3, 1, 3, 3)};
}

}  // namespace

TEST_CASE("depthwise conv2d reference: each channel and window is a convolution of its own") {
    for (const DepthwiseConv2D& v : layers()) {
        if (v.m != 1 || v.n == 0) continue;
        const Data data(v);
        const Result got = run(reference(), v, data);
        for (std::int64_t c = 0; c < v.c; ++c) {
            INFO(text(v) << "channel " << c);
            const Floats x = every(data.x, c, v.c);
            const Floats w = every(data.w, c, v.c);
            const Floats dy = every(data.dy, c, v.c);
            Floats y(dy.size()), dx(x.size()), dw(w.size());
            reference().conv2d_forward(one_channel(v), x.data(), w.data(), &data.bias[static_cast<std::size_t>(c)],
                                       Activation::linear, y.data(), nullptr);
            reference().conv2d_input_gradient(one_channel(v), dy.data(), w.data(), dx.data(), nullptr);
            reference().conv2d_weight_gradient(one_channel(v), x.data(), dy.data(), dw.data(), nullptr);
            CHECK(first_difference(every(got.y, c, v.c), y) == "");
            CHECK(first_difference(every(got.dx, c, v.c), dx) == "");
            CHECK(first_difference(every(got.dw, c, v.c), dw) == "");
        }
    }
}

TEST_CASE("depthwise conv2d: every instruction set and number of threads equals the reference") {
    for (const DepthwiseConv2D& v : layers()) {
        check_against_reference(v);
        check_against_reference(v, Activation::linear, false, true);
    }
    for (const std::int64_t c : {1, 2, 15, 16, 31, 40})
        for (const std::int64_t m : {1, 2}) check_against_reference(layer(2, 7, 6, c, m, 3, 3, {2, 2}, {1, 1, 1, 1}));
}

TEST_CASE("depthwise conv2d: bias and activation") {
    for (const Activation activation : {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid})
        for (const bool bias : {false, true})
            check_against_reference(layer(2, 5, 5, 21, 1, 3, 3, {1, 1}, {1, 1, 1, 1}), activation, bias);
}

TEST_CASE("depthwise conv2d: windows of several chunks; many windows a channel") {
    check_against_reference(layer(1, 24, 24, 3, 1, 23, 23));                          // 529 terms
    check_against_reference(layer(1, 2, 4200, 2, 1, 2, 4100, {1, 1}, {0, 0, 0, 0}));  // 8,200 terms: three segments
    check_against_reference(layer(1, 3, 3, 2, 60, 3, 3, {1, 1}, {1, 1, 1, 1}));       // 540 terms of an input gradient
    check_against_reference(layer(1, 3, 3, 1, 470, 3, 3, {1, 1}, {1, 1, 1, 1}));      // 4,230: two segments
}

TEST_CASE("depthwise conv2d: output pixels around chunks and segments") {
    for (const std::int64_t n : {1, 5, 33}) check_against_reference(layer(n, 6, 6, 5, 1, 3, 3, {1, 1}, {1, 1, 1, 1}));
    check_against_reference(layer(33, 28, 28, 17, 1, 3, 3));  // 676 pixels: 19 rows and 7 rows, nine segments
    check_against_reference(layer(3, 2, 600, 3, 2, 1, 3, {1, 1}, {0, 1, 0, 1}));
    check_against_reference(layer(600, 1, 1, 10, 1, 1, 1));
}

TEST_CASE("depthwise conv2d: the workspace does not fall when the batch grows") {
    for (const Isa isa : available_isas()) {
        std::size_t before[2] = {};
        for (std::int64_t n = 0; n < 70; ++n) {
            const DepthwiseConv2D shapes[] = {layer(n, 28, 28, 32, 1, 3, 3), layer(n, 8, 8, 96, 2, 3, 3)};
            for (int i = 0; i < 2; ++i) {
                const std::size_t bytes = table(isa).depthwise_conv2d_workspace(shapes[i]);
                CHECK(bytes >= before[i]);
                before[i] = bytes;
            }
        }
    }
}
