#include "samebits/kernels/layer_norm.h"

#include <cmath>

#include "samebits/kernels/ref/lane_sum.h"
#include "samebits/kernels/ref/row_sum.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

using numerics::fma;

float gamma(const LayerNorm& norm, std::int64_t col) { return norm.gamma == nullptr ? 1.0F : norm.gamma[col]; }
float beta(const LayerNorm& norm, std::int64_t col) { return norm.beta == nullptr ? 0.0F : norm.beta[col]; }

void forward(const LayerNorm& norm, const float* x, float* mean, float* inv, float* y) {
    const auto n = static_cast<float>(norm.cols);
    for (std::int64_t row = 0; row < norm.rows; ++row, x += norm.cols, y += norm.cols) {
        const float m = lane_sum(norm.cols, [&](std::int64_t i, float acc) { return acc + x[i]; }) / n;
        const float squares = lane_sum(norm.cols, [&](std::int64_t i, float acc) {
            const float d = x[i] - m;
            return fma(d, d, acc);
        });
        const float inverse = 1.0F / std::sqrt(squares / n + norm.epsilon);
        if (mean != nullptr) mean[row] = m;
        if (inv != nullptr) inv[row] = inverse;
        for (std::int64_t i = 0; i < norm.cols; ++i) y[i] = fma(x[i] - m, gamma(norm, i) * inverse, beta(norm, i));
    }
}

void weight_gradient(const LayerNorm& norm, const float* x, const float* dy, const float* mean, const float* inv, float* dgamma,
                     float* dbeta) {
    for (std::int64_t col = 0; col < norm.cols; ++col) {
        const auto dy_at = [&](std::int64_t row) { return dy[row * norm.cols + col]; };
        dbeta[col] = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) { return acc + dy_at(row); });
        dgamma[col] = row_sum(norm.rows, norm.chunking, [&](std::int64_t row, float acc) {
            return fma(dy_at(row), (x[row * norm.cols + col] - mean[row]) * inv[row], acc);
        });
    }
}

void input_gradient(const LayerNorm& norm, const float* x, const float* dy, const float* mean, const float* inv, float* dx) {
    const auto n = static_cast<float>(norm.cols);
    for (std::int64_t row = 0; row < norm.rows; ++row, x += norm.cols, dy += norm.cols, dx += norm.cols) {
        const auto g = [&](std::int64_t i) { return dy[i] * gamma(norm, i); };
        const auto xh = [&](std::int64_t i) { return (x[i] - mean[row]) * inv[row]; };
        const float a = lane_sum(norm.cols, [&](std::int64_t i, float acc) { return acc + g(i); }) / n;
        const float b = lane_sum(norm.cols, [&](std::int64_t i, float acc) { return fma(g(i), xh(i), acc); }) / n;
        for (std::int64_t i = 0; i < norm.cols; ++i) dx[i] = inv[row] * fma(-xh(i), b, g(i) - a);
    }
}

}  // namespace

void fill_layer_norm(Table& table) {
    table.layer_norm_forward = forward;
    table.layer_norm_weight_gradient = weight_gradient;
    table.layer_norm_input_gradient = input_gradient;
}

}  // namespace samebits::kernels::ref
