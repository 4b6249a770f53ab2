#include "samebits/graph/activations.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

// In the order of ActivationKind.
constexpr std::string_view known[] = {"linear", "relu",       "tanh",  "sigmoid", "softmax", "elu",
                                      "gelu",   "leaky_relu", "relu6", "silu",    "softplus"};
constexpr std::string_view not_yet[] = {"celu",      "exponential", "glu",         "hard_shrink", "hard_sigmoid",
                                        "hard_silu", "hard_swish",  "hard_tanh",   "log_sigmoid", "log_softmax",
                                        "mish",      "selu",        "soft_shrink", "softsign",    "sparse_plus",
                                        "sparsemax", "squareplus",  "tanh_shrink", "threshold",   "sparse_sigmoid"};

// Elements of one sample.
std::int64_t sample_size(const Builder& b, Value v) { return element_count(b.shape(v)); }

void softmax_backward(Builder& b, Value y, Value x, BufferId gradient) {
    const BufferId dx = b.exclusive(gradient);
    const std::int64_t cols = b.shape(y).back();
    const std::int64_t rows = sample_size(b, y) / cols;
    b.step("softmax gradient", {b.buffer_of(y), gradient}, {dx}, [=, out = b.buffer_of(y)](const Frame& f) {
        f.kernels->softmax_gradient(f.batch * rows, cols, f.data(out), f.data(gradient), f.data(dx));
    });
    b.add_gradient(x, dx);
}

Value softmax(Builder& b, Value x) {
    const Value y = b.activation(b.shape(x));
    const std::int64_t cols = b.shape(x).back();
    const std::int64_t rows = sample_size(b, x) / cols;
    b.step("softmax", {b.buffer_of(x)}, {b.buffer_of(y)}, [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
         f.kernels->softmax(f.batch * rows, cols, f.data(in), f.data(out));
     }).may_overwrite = true;
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) { softmax_backward(builder, y, x, gradient); });
    b.made_from_logits(y, x, kernels::LossKind::softmax_crossentropy);
    return y;
}

// Whether f'(y) = f'(x) for every x. A rectifier that is flat below its threshold: y > threshold and y >= maximum where x is
// (when the maximum is not above the threshold, the gradient is 0 anyway). With a slope below: where that begins at 0 and the
// maximum is above it. An affine one reads neither.
bool said_by_result(const kernels::Elementwise& f) {
    if (f.function == kernels::Function::affine) return true;
    return f.function == kernels::Function::rectified && (f.slope == 0 || (f.threshold == 0 && f.maximum > 0));
}

// The law says so of it (3.5).
bool is_relu(const kernels::Elementwise& f) {
    return f.function == kernels::Function::rectified && f.slope == 0 && f.threshold == 0 &&
           f.maximum == std::numeric_limits<float>::infinity();
}

Value elementwise(Builder& b, kernels::Activation kind, Value x) {
    const Value y = b.activation(b.shape(x));
    const std::int64_t size = sample_size(b, x);
    const bool relu = kind == kernels::Activation::relu;
    if (const Builder::Extend extend = relu ? b.extend_of(x, /*with_addend=*/false) : Builder::Extend())
        extend(b, {.relu = true}, b.buffer_of(y));
    else
        b.step("activation", {b.buffer_of(x)}, {b.buffer_of(y)},
               [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
                   f.kernels->activation_forward(kind, f.batch * size, f.data(in), f.data(out));
               })
            .may_overwrite = true;
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) {
        if (relu && !builder.is_rectified(y) && builder.takes_gradient_of_relu(x))
            return builder.add_gradient_of_relu(x, gradient);
        builder.add_gradient(x, activation_gradient(builder, kind, y, gradient));
    });
    if (relu) b.made_by_relu(y);
    if (kind == kernels::Activation::sigmoid) b.made_from_logits(y, x, kernels::LossKind::sigmoid_crossentropy);
    return y;
}

}  // namespace

ActivationKind parse_activation(std::string_view op, std::string_view name) {
    if (name.empty()) return ActivationKind::linear;
    if (name == "swish") return ActivationKind::silu;
    for (std::size_t i = 0; i < std::size(known); ++i)
        if (known[i] == name) return static_cast<ActivationKind>(i);
    require<NotImplemented>(std::find(std::begin(not_yet), std::end(not_yet), name) == std::end(not_yet),
                            "[{}] activation \"{}\" is not implemented yet; got activation=\"{}\"; use {}", op, name, name,
                            list_of(known));
    fail("[{}] unknown activation; got activation=\"{}\"; use {}{}", op, name, list_of(known), did_you_mean(name, known));
}

OutputRange range_of(ActivationKind kind) {
    switch (kind) {
        case ActivationKind::relu:
        case ActivationKind::relu6:
        case ActivationKind::softplus: return OutputRange::non_negative;
        case ActivationKind::sigmoid:
        case ActivationKind::softmax: return OutputRange::probability;
        default: return OutputRange::any;
    }
}

kernels::Activation fused_activation(ActivationKind kind) {
    switch (kind) {
        case ActivationKind::relu: return kernels::Activation::relu;
        case ActivationKind::tanh: return kernels::Activation::tanh;
        default: return kernels::Activation::linear;
    }
}

BufferId activation_gradient(Builder& b, kernels::Activation kind, Value y, BufferId gradient) {
    if (kind == kernels::Activation::linear) return gradient;
    if (kind == kernels::Activation::relu && b.is_rectified(y)) return gradient;
    const BufferId dx = b.exclusive(gradient);
    const std::int64_t size = sample_size(b, y);
    b.step("activation gradient", {b.buffer_of(y), gradient}, {dx}, [=, out = b.buffer_of(y)](const Frame& f) {
        f.kernels->activation_gradient(kind, f.batch * size, f.data(out), f.data(gradient), f.data(dx));
    });
    return dx;
}

Value apply_function(Builder& b, const kernels::Elementwise& function, Value x) {
    if (is_relu(function)) return elementwise(b, kernels::Activation::relu, x);
    const Value y = b.activation(b.shape(x));
    const std::int64_t size = sample_size(b, x);
    b.step("function", {b.buffer_of(x)}, {b.buffer_of(y)}, [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
         f.kernels->elementwise_forward(function, f.batch * size, f.data(in), f.data(out));
     }).may_overwrite = true;
    // Some gradients are the same said by y: x need not be kept for them.
    const BufferId known_by = said_by_result(function) ? b.buffer_of(y) : b.buffer_of(x);
    b.op(y, std::span(&x, 1), [=](Builder& builder, BufferId gradient) {
        const BufferId dx = builder.exclusive(gradient);
        builder.step("function gradient", {known_by, gradient}, {dx}, [=](const Frame& f) {
            f.kernels->elementwise_gradient(function, f.batch * size, f.data(known_by), f.data(gradient), f.data(dx));
        });
        builder.add_gradient(x, dx);
    });
    return y;
}

Value apply_activation(Builder& b, ActivationKind kind, Value x) {
    using kernels::Function;
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const auto function = [&](const kernels::Elementwise& e) { return apply_function(b, e, x); };
    switch (kind) {
        case ActivationKind::linear: return x;
        case ActivationKind::relu: return elementwise(b, kernels::Activation::relu, x);
        case ActivationKind::tanh: return elementwise(b, kernels::Activation::tanh, x);
        case ActivationKind::sigmoid: return elementwise(b, kernels::Activation::sigmoid, x);
        case ActivationKind::softmax: return softmax(b, x);
        case ActivationKind::elu: return function({.function = Function::elu, .alpha = 1.0F});
        case ActivationKind::gelu: return function({.function = Function::gelu});
        case ActivationKind::leaky_relu: return function({.function = Function::rectified, .slope = 0.2F, .maximum = infinity});
        case ActivationKind::relu6: return function({.function = Function::rectified, .maximum = 6.0F});
        case ActivationKind::silu: return function({.function = Function::silu});
        case ActivationKind::softplus: return function({.function = Function::softplus});
    }
    return x;
}

Value finish_activation(Builder& b, ActivationKind kind, Value y) {
    return fused_activation(kind) == kernels::Activation::linear ? apply_activation(b, kind, y) : y;
}

}  // namespace samebits
