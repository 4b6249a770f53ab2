// Layer normalization: each row is brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016).
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels {

// x, y, dy, dx: (rows, cols); gamma, beta and their gradients: (cols); mean, inv: (rows). n = float(cols).
struct LayerNorm {
    std::int64_t rows;            // samples * P * Q
    std::int64_t cols;            // at least 1
    numerics::Chunking chunking;  // of the sums over the rows: over_pixels(samples, P, Q)
    float epsilon;
    const float* gamma = nullptr;  // or null: 1
    const float* beta = nullptr;   // or null: +0
};

// mean = (lane sum of x) / n; variance = (lane sum of fma(d, d, acc)) / n with d = x - mean; inv = 1 / sqrt(variance +
// epsilon); y = fma(x - mean, gamma * inv, beta). mean and inv are kept where they are not null. y may be x.
using LayerNormForward = void (*)(const LayerNorm& norm, const float* x, float* mean, float* inv, float* y);
// With xh = (x - mean) * inv, over the rows: dgamma = sum of fma(dy, xh, acc), dbeta = sum of dy. Sums end with + 0.0f.
using LayerNormWeightGradient = void (*)(const LayerNorm& norm, const float* x, const float* dy, const float* mean,
                                         const float* inv, float* dgamma, float* dbeta);
// With g = dy * gamma, a = (lane sum of g) / n, b = (lane sum of fma(g, xh, acc)) / n: dx = inv * fma(-xh, b, g - a). dx may be
// dy.
using LayerNormInputGradient = void (*)(const LayerNorm& norm, const float* x, const float* dy, const float* mean,
                                        const float* inv, float* dx);

}  // namespace samebits::kernels
