// Softmax over the last axis.
#pragma once

#include <cstdint>

namespace samebits::kernels {

// x, y: (rows, cols), cols >= 1; y may be x. z = x - max(row), first maximum by x > best; p = exp(z) / S, S = lane sum of
// exp(z).
using Softmax = void (*)(std::int64_t rows, std::int64_t cols, const float* x, float* y);
// Not consumed by cross-entropy: g = lane sum of fma(dy, y, acc); dx = y * (dy - g). dx may be dy.
using SoftmaxGradient = void (*)(std::int64_t rows, std::int64_t cols, const float* y, const float* dy, float* dx);

}  // namespace samebits::kernels
