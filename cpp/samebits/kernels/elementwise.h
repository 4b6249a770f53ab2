// Elementwise functions whose gradients are said by x, and copies of parts of rows. The activations that a product or a
// convolution may end with are in activation.h.
#pragma once

#include <cstdint>

namespace samebits::kernels {

enum class Function : std::uint8_t { rectified, elu, gelu, silu, softplus, affine };

// A function and the numbers it needs; x, y, dy, dx are (count). e, s, erf: the law's exp, sigmoid, erf.
// rectified: y = x <= threshold ? (slope = 0 ? +0 : slope * (x - threshold)) : x >= maximum ? maximum : x;
//            factor: x > threshold ? (x >= maximum ? +0 : dy) : (slope = 0 ? +0 : slope * dy).
// elu:       y = x > 0 ? x : alpha * expm1(x); dx = x > 0 ? dy : dy * (alpha * e(x)).
// gelu:      y = (0.5 * x) * (1 + erf(x * 0.70710678f));
//            dx = dy * fma(x * e(-0.5 * (x * x)), 0.39894228f, 0.5 * (1 + erf(x * 0.70710678f))).
// silu:      y = x * s(x); dx = dy * (s * fma(x, 1 - s, 1)).
// softplus:  y = (x > 0 ? x : +0) + log1p(e(-abs(x))); dx = dy * s(x).
// affine:    y = x * scale + offset, unfused; dx = dy * scale.
struct Elementwise {
    Function function = Function::rectified;
    float slope = 0;
    float threshold = 0;
    float maximum = 0;
    float alpha = 0;
    float scale = 0;
    float offset = 0;
};

// y may be x.
using ElementwiseForward = void (*)(const Elementwise& e, std::int64_t count, const float* x, float* y);
// dx may be dy.
using ElementwiseGradient = void (*)(const Elementwise& e, std::int64_t count, const float* x, const float* dy, float* dx);

// to[row * to_stride + j] = from[row * from_stride + j] for j < cols: one input's part of a concatenation, either way.
using CopyRows = void (*)(std::int64_t rows, std::int64_t cols, const float* from, std::int64_t from_stride, float* to,
                          std::int64_t to_stride);

}  // namespace samebits::kernels
