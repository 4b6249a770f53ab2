// Batch normalization: each column is brought to mean 0 and variance 1, then scaled and shifted (Ioffe and Szegedy 2015).
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels {

// x, y, dy, dx: (rows, cols); all others: (cols). n = float(rows).
struct BatchNorm {
    std::int64_t rows;  // samples * P * Q, at least 1
    std::int64_t cols;
    numerics::Chunking chunking;  // of the sums over the rows: over_pixels(samples, P, Q)
    float epsilon;
    const float* gamma = nullptr;  // or null: 1
    const float* beta = nullptr;   // or null: +0
    // What may follow in the same pass: a sum with another matrix (rows, cols), then ReLU.
    const float* addend = nullptr;
    bool relu = false;
};

// mean = (sum of x) / n; variance = (sum of fma(d, d, acc)) / n with d = x - mean. Sums end with + 0.0f.
using BatchNormStatistics = void (*)(const BatchNorm& norm, const float* x, float* mean, float* variance);
// z = fma(x - mean, gamma * inv, beta) with inv = 1 / sqrt(variance + epsilon); y = z, or z + addend, or ReLU of either. y may
// be x or addend.
using BatchNormForward = void (*)(const BatchNorm& norm, const float* x, const float* mean, const float* variance, float* y);
// The gradients are of z. With relu, and then without an addend, dy is that of ReLU(z): that of z is +0 where z is not above 0.
// With xh = (x - mean) * inv: dgamma = sum of fma(dy, xh, acc), dbeta = sum of dy. Sums end with + 0.0f.
using BatchNormWeightGradient = void (*)(const BatchNorm& norm, const float* x, const float* dy, const float* mean,
                                         const float* variance, float* dgamma, float* dbeta);
// dx = (gamma * inv) * fma(-xh, dgamma / n, dy - dbeta / n): mean and variance are functions of x. dx may be dy.
using BatchNormInputGradient = void (*)(const BatchNorm& norm, const float* x, const float* dy, const float* mean,
                                        const float* variance, const float* dgamma, const float* dbeta, float* dx);
// running = running * m + value * c, elementwise, unfused.
using MovingAverage = void (*)(std::int64_t count, float m, float c, const float* value, float* running);

}  // namespace samebits::kernels
