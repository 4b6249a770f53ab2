#include "samebits/graph/layers/convolution.h"

#include <iterator>

#include "samebits/base/names.h"
#include "samebits/numerics/winograd.h"

namespace samebits::layers {
namespace {

template <class Conv>
struct Operands {
    Value x, w, y;
    Ending ending;
    Conv conv;
    std::int64_t channels;  // of the output

    [[nodiscard]] Conv at(std::int64_t batch) const {
        Conv c = conv;
        c.n = batch;
        return c;
    }
};

struct Conv2DOperands : Operands<kernels::Conv2D> {
    Algorithm algorithm;
};

// The geometry that both kinds of convolution have.
template <class Conv>
Conv geometry(const Window& window, const Shape& input) {
    const auto [p, pad_top] = window.place(0, input[0]);
    const auto [q, pad_left] = window.place(1, input[1]);
    Conv conv{};
    conv.h = input[0];
    conv.w = input[1];
    conv.c = input[2];
    conv.r = window.size[0];
    conv.s = window.size[1];
    conv.stride_h = window.strides[0];
    conv.stride_w = window.strides[1];
    conv.dilation_h = window.dilation[0];
    conv.dilation_w = window.dilation[1];
    conv.pad_top = pad_top;
    conv.pad_left = pad_left;
    conv.p = p;
    conv.q = q;
    return conv;
}

template <class Operands>
void bias_backward(Builder& b, const Operands& o, BufferId dz) {
    const Value bias = o.ending.bias;
    if (bias.id < 0 || !b.needs_gradient(bias)) return;
    const BufferId db = b.buffer(Role::weight_gradient, b.bytes_of(b.buffer_of(bias)));
    b.step("conv2d bias gradient", {dz}, {db}, [=](const Frame& f) {
        const std::int64_t p = o.conv.p;
        const std::int64_t q = o.conv.q;
        f.kernels->column_sum(f.batch * p * q, o.channels, numerics::over_pixels(f.batch, p, q), f.data(dz), f.data(db));
    });
    b.add_gradient(bias, db);
}

// Says the op of y: its backward turns the gradient of y into that of the sum and hands it on.
template <class Operands>
void on_backward(Builder& b, const Operands& o, void (*backward)(Builder&, const Operands&, BufferId dz)) {
    const Value uses[] = {o.x, o.w, o.ending.bias.id >= 0 ? o.ending.bias : o.w};
    b.op(o.y, uses, [=](Builder& builder, BufferId gradient) {
        backward(builder, o, activation_gradient(builder, o.ending.activation, o.y, gradient));
    });
    if (o.ending.activation == kernels::Activation::relu) b.made_by_relu(o.y);
}

// A window of one cell that moves by one: the sums are those of a matrix product (the law, 3.2), and gemm is 1.2 to 1.5 times
// as fast (14 x 14 x 256 -> 256: 1.26 ms and 0.97 ms).
bool is_product(const kernels::Conv2D& v) { return v.r * v.s * v.stride_h * v.stride_w == 1; }

kernels::Gemm product(const kernels::Conv2D& v, kernels::ConvPass pass) {
    const std::int64_t m = v.n * v.p * v.q;
    kernels::Gemm gemm{kernels::GemmLayout::nn,  m, v.k, v.c, nullptr, v.c, nullptr, v.k, nullptr, v.k,
                       numerics::over_terms(v.c)};
    if (pass == kernels::ConvPass::input_gradient)
        gemm = {kernels::GemmLayout::nt, m, v.c, v.k, nullptr, v.k, nullptr, v.k, nullptr, v.c, numerics::over_terms(v.k)};
    if (pass == kernels::ConvPass::weight_gradient)
        gemm = {kernels::GemmLayout::tn,
                v.c,
                v.k,
                m,
                nullptr,
                v.c,
                nullptr,
                v.k,
                nullptr,
                v.k,
                numerics::over_pixels(v.n, v.p, v.q)};
    return gemm;
}

// Outputs a side of Winograd's tiles in this pass; 0: the direct sums.
int winograd_outputs(const Conv2DOperands& o, kernels::ConvPass pass) {
    if (o.algorithm == Algorithm::direct) return 0;
    if (o.algorithm == Algorithm::winograd2) return 2;
    if (o.algorithm == Algorithm::winograd4) return 4;
    const kernels::Conv2D v = pass == kernels::ConvPass::input_gradient ? kernels::transposed(o.conv) : o.conv;
    return numerics::winograd_outputs(v.p, v.q, v.c, v.k);
}

BufferId workspace_of(Builder& b, const Conv2DOperands& o, kernels::ConvPass pass) {
    const kernels::Conv2D conv = o.at(b.batch());
    if (is_product(conv)) return b.workspace(b.kernels().gemm_workspace(product(conv, pass)));
    if (const int m = winograd_outputs(o, pass); m != 0)
        return b.workspace(b.kernels().winograd_workspace({conv, static_cast<kernels::WinogradTile>(m)}, pass));
    return b.workspace(b.kernels().conv2d_workspace(conv, pass));
}

void run_product(const Frame& f, kernels::Gemm gemm, BufferId a, BufferId b, BufferId c, BufferId space) {
    gemm.a = f.data(a);
    gemm.b = f.data(b);
    gemm.c = f.data(c);
    f.kernels->gemm(gemm, f.data<std::byte>(space));
}

void conv2d_backward(Builder& b, const Conv2DOperands& o, BufferId dz) {
    using Pass = kernels::ConvPass;
    const BufferId x = b.buffer_of(o.x);
    const BufferId w = b.buffer_of(o.w);
    if (b.needs_gradient(o.w)) {
        const BufferId dw = b.buffer(Role::weight_gradient, b.bytes_of(w));
        const BufferId space = workspace_of(b, o, Pass::weight_gradient);
        const int m = winograd_outputs(o, Pass::weight_gradient);
        b.step("conv2d weight gradient", {x, dz}, {dw, space}, [=](const Frame& f) {
            const kernels::Conv2D conv = o.at(f.batch);
            if (is_product(conv)) return run_product(f, product(conv, Pass::weight_gradient), x, dz, dw, space);
            if (m != 0)
                return f.kernels->winograd_weight_gradient({conv, static_cast<kernels::WinogradTile>(m)}, f.data(x), f.data(dz),
                                                           f.data(dw), f.data<std::byte>(space));
            f.kernels->conv2d_weight_gradient(conv, f.data(x), f.data(dz), f.data(dw), f.data<std::byte>(space));
        });
        b.add_gradient(o.w, dw);
    }
    bias_backward(b, o, dz);
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.buffer(Role::gradient, b.bytes_of(x));
        const BufferId space = workspace_of(b, o, Pass::input_gradient);
        const int m = winograd_outputs(o, Pass::input_gradient);
        b.step("conv2d input gradient", {dz, w}, {dx, space}, [=](const Frame& f) {
            const kernels::Conv2D conv = o.at(f.batch);
            if (is_product(conv)) return run_product(f, product(conv, Pass::input_gradient), dz, w, dx, space);
            if (m != 0)
                return f.kernels->winograd_input_gradient({conv, static_cast<kernels::WinogradTile>(m)}, f.data(dz), f.data(w),
                                                          f.data(dx), f.data<std::byte>(space));
            f.kernels->conv2d_input_gradient(conv, f.data(dz), f.data(w), f.data(dx), f.data<std::byte>(space));
        });
        b.add_gradient(o.x, dx);
    }
}

using DepthwiseOperands = Operands<kernels::DepthwiseConv2D>;

void depthwise_backward(Builder& b, const DepthwiseOperands& o, BufferId dz) {
    const BufferId x = b.buffer_of(o.x);
    const BufferId w = b.buffer_of(o.w);
    if (b.needs_gradient(o.w)) {
        const BufferId dw = b.buffer(Role::weight_gradient, b.bytes_of(w));
        const BufferId space = b.workspace(b.kernels().depthwise_conv2d_workspace(o.at(b.batch())));
        b.step("depthwise_conv2d weight gradient", {x, dz}, {dw, space}, [=](const Frame& f) {
            f.kernels->depthwise_conv2d_weight_gradient(o.at(f.batch), f.data(x), f.data(dz), f.data(dw),
                                                        f.data<std::byte>(space));
        });
        b.add_gradient(o.w, dw);
    }
    bias_backward(b, o, dz);
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.buffer(Role::gradient, b.bytes_of(x));
        b.step("depthwise_conv2d input gradient", {dz, w}, {dx}, [=](const Frame& f) {
            f.kernels->depthwise_conv2d_input_gradient(o.at(f.batch), f.data(dz), f.data(w), f.data(dx));
        });
        b.add_gradient(o.x, dx);
    }
}

// In the order of Algorithm.
constexpr std::string_view algorithms[] = {"auto", "direct", "winograd2", "winograd4"};

}  // namespace

Algorithm parse_algorithm(std::string_view name) {
    for (std::size_t i = 0; i < std::size(algorithms); ++i)
        if (algorithms[i] == name) return static_cast<Algorithm>(i);
    fail("[Conv2D] unknown algorithm; got algorithm=\"{}\"; use {}{}", name, list_of(algorithms),
         did_you_mean(name, algorithms));
}

bool can_be_winograd(const Window& window) {
    constexpr std::array<std::int64_t, 2> ones{1, 1};
    constexpr std::array<std::int64_t, 2> threes{3, 3};
    return window.size == threes && window.strides == ones && window.dilation == ones;
}

Value conv2d(Builder& b, Value x, Value w, const Window& window, const Ending& ending, Algorithm algorithm) {
    const Shape input = b.shape(x);
    const std::int64_t filters = b.shape(w)[3];
    Conv2DOperands o{
        {x, w, b.activation(window.output(input, filters)), ending, geometry<kernels::Conv2D>(window, input), filters},
        can_be_winograd(window) ? algorithm : Algorithm::direct};
    o.conv.k = filters;
    const BufferId bias = ending.bias.id >= 0 ? b.buffer_of(ending.bias) : no_buffer;
    const BufferId space = workspace_of(b, o, kernels::ConvPass::forward);
    const int m = winograd_outputs(o, kernels::ConvPass::forward);
    b.step("conv2d", {b.buffer_of(x), b.buffer_of(w), bias}, {b.buffer_of(o.y), space},
           [=, in = b.buffer_of(x), weights = b.buffer_of(w), out = b.buffer_of(o.y)](const Frame& f) {
               const kernels::Conv2D conv = o.at(f.batch);
               if (is_product(conv)) {
                   kernels::Gemm gemm = product(conv, kernels::ConvPass::forward);
                   gemm.bias = f.data(bias);
                   gemm.activation = ending.activation;
                   return run_product(f, gemm, in, weights, out, space);
               }
               if (m != 0)
                   return f.kernels->winograd_forward({conv, static_cast<kernels::WinogradTile>(m)}, f.data(in),
                                                      f.data(weights), f.data(bias), ending.activation, f.data(out),
                                                      f.data<std::byte>(space));
               f.kernels->conv2d_forward(conv, f.data(in), f.data(weights), f.data(bias), ending.activation, f.data(out),
                                         f.data<std::byte>(space));
           })
        .products = element_count(b.shape(o.y)) * o.conv.r * o.conv.s * o.conv.c;
    on_backward(b, o, conv2d_backward);
    return o.y;
}

Value depthwise_conv2d(Builder& b, Value x, Value w, const Window& window, const Ending& ending) {
    const Shape input = b.shape(x);
    const std::int64_t multiplier = b.shape(w)[3];
    const std::int64_t channels = input[2] * multiplier;
    DepthwiseOperands o{
        x,       w, b.activation(window.output(input, channels)), ending, geometry<kernels::DepthwiseConv2D>(window, input),
        channels};
    o.conv.m = multiplier;
    const BufferId bias = ending.bias.id >= 0 ? b.buffer_of(ending.bias) : no_buffer;
    b.step("depthwise_conv2d", {b.buffer_of(x), b.buffer_of(w), bias}, {b.buffer_of(o.y)},
           [=, in = b.buffer_of(x), weights = b.buffer_of(w), out = b.buffer_of(o.y)](const Frame& f) {
               f.kernels->depthwise_conv2d_forward(o.at(f.batch), f.data(in), f.data(weights), f.data(bias), ending.activation,
                                                   f.data(out));
           })
        .products = element_count(b.shape(o.y)) * o.conv.r * o.conv.s;
    on_backward(b, o, depthwise_backward);
    return o.y;
}

}  // namespace samebits::layers
