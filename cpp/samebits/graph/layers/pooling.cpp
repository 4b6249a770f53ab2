#include "samebits/graph/layers/pooling.h"

#include "samebits/graph/activations.h"

namespace samebits::layers {
namespace {

kernels::Pool2D kernel_arguments(const Window& window, const Shape& input) {
    const auto [p, pad_top] = window.place(0, input[0]);
    const auto [q, pad_left] = window.place(1, input[1]);
    return {.n = 0,
            .h = input[0],
            .w = input[1],
            .c = input[2],
            .r = window.size[0],
            .s = window.size[1],
            .stride_h = window.strides[0],
            .stride_w = window.strides[1],
            .pad_top = pad_top,
            .pad_left = pad_left,
            .p = p,
            .q = q};
}

kernels::Pool2D at(kernels::Pool2D pool, const Frame& f) {
    pool.n = f.batch;
    return pool;
}

}  // namespace

Value max_pool(Builder& b, Value x, const Window& window) {
    const Shape input = b.shape(x);
    const Value y = b.activation(window.output(input, input[2]));
    const kernels::Pool2D pool = kernel_arguments(window, input);
    const BufferId winner = b.needs_gradient(x)
                                ? b.buffer(Role::activation, b.bytes_of(b.buffer_of(y)) / sizeof(float) * sizeof(std::uint16_t))
                                : no_buffer;
    b.step("max_pool2d", {b.buffer_of(x)}, {b.buffer_of(y), winner},
           [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
               f.kernels->max_pool2d_forward(at(pool, f), f.data(in), f.data(out), f.data<std::uint16_t>(winner));
           });
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) {
        // What a window hands on is above 0 exactly where its winner is: a ReLU's gradient is taken before there are more of
        // it.
        const bool relu = builder.is_by_relu(x);
        const BufferId dy = relu ? activation_gradient(builder, kernels::Activation::relu, y, gradient) : gradient;
        const BufferId dx = builder.buffer(Role::gradient, builder.bytes_of(builder.buffer_of(x)));
        builder.step("max_pool2d gradient", {dy, winner}, {dx}, [=](const Frame& f) {
            f.kernels->max_pool2d_gradient(at(pool, f), f.data(dy), f.data<std::uint16_t>(winner), f.data(dx));
        });
        builder.add_gradient(x, dx, relu);
    });
    return y;
}

Value average_pool(Builder& b, Value x, const Window& window) {
    const Shape input = b.shape(x);
    const Value y = b.activation(window.output(input, input[2]));
    const kernels::Pool2D pool = kernel_arguments(window, input);
    b.step("avg_pool2d", {b.buffer_of(x)}, {b.buffer_of(y)}, [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
        f.kernels->avg_pool2d_forward(at(pool, f), f.data(in), f.data(out));
    });
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) {
        const BufferId dx = builder.buffer(Role::gradient, builder.bytes_of(builder.buffer_of(x)));
        builder.step("avg_pool2d gradient", {gradient}, {dx},
                     [=](const Frame& f) { f.kernels->avg_pool2d_gradient(at(pool, f), f.data(gradient), f.data(dx)); });
        builder.add_gradient(x, dx);
    });
    return y;
}

}  // namespace samebits::layers
