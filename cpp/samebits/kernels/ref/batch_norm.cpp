#include "samebits/kernels/batch_norm.h"

#include <cmath>

#include "samebits/kernels/ref/row_sum.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

using numerics::fma;

float gamma(const BatchNorm& norm, std::int64_t col) { return norm.gamma == nullptr ? 1.0F : norm.gamma[col]; }
float beta(const BatchNorm& norm, std::int64_t col) { return norm.beta == nullptr ? 0.0F : norm.beta[col]; }
float inverse(const BatchNorm& norm, float variance) { return 1.0F / std::sqrt(variance + norm.epsilon); }
float normal(const BatchNorm& norm, float x, std::int64_t col, float mean, float variance) {
    return fma(x - mean, gamma(norm, col) * inverse(norm, variance), beta(norm, col));
}
// dy as the gradient of z.
float passed(const BatchNorm& norm, float z, float dy) { return !norm.relu || z > 0.0F ? dy : 0.0F; }

void statistics(const BatchNorm& norm, const float* x, float* mean, float* variance) {
    const auto n = static_cast<float>(norm.rows);
    for (std::int64_t col = 0; col < norm.cols; ++col) {
        const auto at = [&](std::int64_t row) { return x[row * norm.cols + col]; };
        const float m = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) { return acc + at(row); }) / n;
        const float squares = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) {
            const float d = at(row) - m;
            return fma(d, d, acc);
        });
        mean[col] = m;
        variance[col] = squares / n;
    }
}

void forward(const BatchNorm& norm, const float* x, const float* mean, const float* variance, float* y) {
    for (std::int64_t i = 0; i < norm.rows * norm.cols; ++i) {
        const std::int64_t col = i % norm.cols;
        float z = normal(norm, x[i], col, mean[col], variance[col]);
        if (norm.addend != nullptr) z = z + norm.addend[i];
        y[i] = norm.relu && z <= 0.0F ? 0.0F : z;
    }
}

void weight_gradient(const BatchNorm& norm, const float* x, const float* dy, const float* mean, const float* variance,
                     float* dgamma, float* dbeta) {
    for (std::int64_t col = 0; col < norm.cols; ++col) {
        const float inv = inverse(norm, variance[col]);
        const auto dy_at = [&](std::int64_t row) {
            const std::int64_t i = row * norm.cols + col;
            return passed(norm, normal(norm, x[i], col, mean[col], variance[col]), dy[i]);
        };
        dbeta[col] = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) { return acc + dy_at(row); });
        dgamma[col] = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) {
            return fma(dy_at(row), (x[row * norm.cols + col] - mean[col]) * inv, acc);
        });
    }
}

void input_gradient(const BatchNorm& norm, const float* x, const float* dy, const float* mean, const float* variance,
                    const float* dgamma, const float* dbeta, float* dx) {
    const auto n = static_cast<float>(norm.rows);
    for (std::int64_t row = 0; row < norm.rows; ++row, x += norm.cols, dy += norm.cols, dx += norm.cols) {
        for (std::int64_t col = 0; col < norm.cols; ++col) {
            const float inv = inverse(norm, variance[col]);
            const float xh = (x[col] - mean[col]) * inv;
            const float d = passed(norm, normal(norm, x[col], col, mean[col], variance[col]), dy[col]);
            dx[col] = (gamma(norm, col) * inv) * fma(-xh, dgamma[col] / n, d - dbeta[col] / n);
        }
    }
}

void moving_average(std::int64_t count, float m, float c, const float* value, float* running) {
    for (std::int64_t i = 0; i < count; ++i) running[i] = running[i] * m + value[i] * c;
}

}  // namespace

void fill_batch_norm(Table& table) {
    table.batch_norm_statistics = statistics;
    table.batch_norm_forward = forward;
    table.batch_norm_weight_gradient = weight_gradient;
    table.batch_norm_input_gradient = input_gradient;
    table.moving_average = moving_average;
}

}  // namespace samebits::kernels::ref
