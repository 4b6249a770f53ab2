#include "samebits/kernels/optimizer.h"

#include <cmath>

#include "samebits/kernels/registry.h"

namespace samebits::kernels::ref {
namespace {

void sgd(const Sgd& sgd, std::int64_t count, float* w, const float* g, float* m) {
    for (std::int64_t i = 0; i < count; ++i) {
        const float step = g[i] * sgd.learning_rate;
        if (sgd.momentum == 0.0F) {
            w[i] = w[i] - step;
            continue;
        }
        m[i] = m[i] * sgd.momentum - step;
        w[i] = w[i] + (sgd.nesterov ? m[i] * sgd.momentum - step : m[i]);
    }
}

void adam(const Adam& adam, std::int64_t count, float* w, const float* g, float* m, float* v) {
    for (std::int64_t i = 0; i < count; ++i) {
        m[i] = m[i] + (g[i] - m[i]) * adam.c1;
        v[i] = v[i] + (g[i] * g[i] - v[i]) * adam.c2;
        w[i] = w[i] - (m[i] * adam.alpha) / (std::sqrt(v[i]) + adam.epsilon);
    }
}

}  // namespace

void fill_optimizer(Table& table) {
    table.sgd = sgd;
    table.adam = adam;
}

}  // namespace samebits::kernels::ref
