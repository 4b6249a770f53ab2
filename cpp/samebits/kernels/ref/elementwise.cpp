#include "samebits/kernels/elementwise.h"

#include <cmath>

#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"
#include "samebits/numerics/functions.h"

namespace samebits::kernels::ref {
namespace {

constexpr float sqrt_half = 0.70710678F;       // 1 / sqrt(2)
constexpr float normal_density = 0.39894228F;  // 1 / sqrt(2 * pi)

float forward_of(const Elementwise& e, float x) {
    switch (e.function) {
        case Function::rectified:
            if (x <= e.threshold) return e.slope == 0.0F ? 0.0F : e.slope * (x - e.threshold);
            return x >= e.maximum ? e.maximum : x;
        case Function::elu: return x > 0.0F ? x : e.alpha * numerics::expm1(x);
        case Function::gelu: return (0.5F * x) * (1.0F + numerics::erf(x * sqrt_half));
        case Function::silu: return x * numerics::sigmoid(x);
        case Function::softplus: return (x > 0.0F ? x : 0.0F) + numerics::log1p(numerics::exp(-std::fabs(x)));
        case Function::affine: return x * e.scale + e.offset;
    }
    return x;
}

float gradient_of(const Elementwise& e, float x, float dy) {
    switch (e.function) {
        case Function::rectified:
            if (x > e.threshold) return x >= e.maximum ? 0.0F : dy;
            return e.slope == 0.0F ? 0.0F : e.slope * dy;
        case Function::elu: return x > 0.0F ? dy : dy * (e.alpha * numerics::exp(x));
        case Function::gelu: {
            const float t = numerics::erf(x * sqrt_half);
            return dy * numerics::fma(x * numerics::exp(-0.5F * (x * x)), normal_density, 0.5F * (1.0F + t));
        }
        case Function::silu: {
            const float s = numerics::sigmoid(x);
            return dy * (s * numerics::fma(x, 1.0F - s, 1.0F));
        }
        case Function::softplus: return dy * numerics::sigmoid(x);
        case Function::affine: return dy * e.scale;
    }
    return dy;
}

void forward(const Elementwise& e, std::int64_t count, const float* x, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = forward_of(e, x[i]);
}

void gradient(const Elementwise& e, std::int64_t count, const float* x, const float* dy, float* dx) {
    for (std::int64_t i = 0; i < count; ++i) dx[i] = gradient_of(e, x[i], dy[i]);
}

void copy_rows(std::int64_t rows, std::int64_t cols, const float* from, std::int64_t from_stride, float* to,
               std::int64_t to_stride) {
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t j = 0; j < cols; ++j) to[row * to_stride + j] = from[row * from_stride + j];
}

}  // namespace

void fill_elementwise(Table& table) {
    table.elementwise_forward = forward;
    table.elementwise_gradient = gradient;
    table.copy_rows = copy_rows;
}

}  // namespace samebits::kernels::ref
