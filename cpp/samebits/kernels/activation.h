// Elementwise activations and their gradients.
#pragma once

#include <cstdint>

namespace samebits::kernels {

// linear: y = x. relu: x <= 0 ? +0 : x (a NaN passes). tanh, sigmoid: correctly rounded (numerics/functions.h).
enum class Activation : std::uint8_t { linear, relu, tanh, sigmoid };

// x, y: (count); y may be x.
using ActivationForward = void (*)(Activation kind, std::int64_t count, const float* x, float* y);
// dx = dy * f'(x), said by y = f(x). relu: y > 0 ? dy : +0. tanh: dy * fma(-y, y, 1). sigmoid: dy * (y * (1 - y)). dx may be
// dy.
using ActivationGradient = void (*)(Activation kind, std::int64_t count, const float* y, const float* dy, float* dx);

}  // namespace samebits::kernels
