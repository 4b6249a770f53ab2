// Keras's names of activations, and the steps they become.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "samebits/graph/builder.h"
#include "samebits/graph/layer_impl.h"

namespace samebits {

// leaky_relu: slope 0.2; elu: alpha 1; gelu: by erf; as Keras's names mean. Formulas: kernels/activation.h, kernels/softmax.h
// and kernels/elementwise.h.
enum class ActivationKind : std::uint8_t { linear, relu, tanh, sigmoid, softmax, elu, gelu, leaky_relu, relu6, silu, softplus };

// "" and "linear": none; "swish": silu. Throws InvalidArgument (unknown, with the nearest) or NotImplemented (Keras's, not ours
// yet).
ActivationKind parse_activation(std::string_view op, std::string_view name);

OutputRange range_of(ActivationKind kind);

// What a GEMM or convolution applies on its way out; linear for softmax and sigmoid, whose logits cross-entropy may want, and
// for those whose gradient is said by x.
kernels::Activation fused_activation(ActivationKind kind);

// Turns the gradient of y = f(x) into that of x, in place where it may; linear: the same buffer.
BufferId activation_gradient(Builder& b, kernels::Activation kind, Value y, BufferId gradient);

// y = function(x) as an op of its own.
Value apply_function(Builder& b, const kernels::Elementwise& function, Value x);

// y = kind(x) as an op of its own.
Value apply_activation(Builder& b, ActivationKind kind, Value x);

// After a layer with a fused activation: applies what was not fused.
Value finish_activation(Builder& b, ActivationKind kind, Value y);

}  // namespace samebits
