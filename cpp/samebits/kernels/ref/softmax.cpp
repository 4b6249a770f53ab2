#include "samebits/kernels/softmax.h"

#include "samebits/kernels/ref/softmax_row.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

void softmax(std::int64_t rows, std::int64_t cols, const float* x, float* y) {
    for (std::int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
        const SoftmaxRow row = softmax_row(cols, x);
        for (std::int64_t j = 0; j < cols; ++j) y[j] = numerics::exp(x[j] - row.max) / row.sum;
    }
}

void softmax_gradient(std::int64_t rows, std::int64_t cols, const float* y, const float* dy, float* dx) {
    for (std::int64_t i = 0; i < rows; ++i, y += cols, dy += cols, dx += cols) {
        const float g = lane_sum(cols, [&](std::int64_t j, float acc) { return numerics::fma(dy[j], y[j], acc); });
        for (std::int64_t j = 0; j < cols; ++j) dx[j] = y[j] * (dy[j] - g);
    }
}

}  // namespace

void fill_softmax(Table& table) {
    table.softmax = softmax;
    table.softmax_gradient = softmax_gradient;
}

}  // namespace samebits::kernels::ref
