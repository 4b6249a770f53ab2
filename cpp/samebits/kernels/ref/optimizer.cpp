#include "samebits/kernels/optimizer.h"

#include <cmath>

#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

bool sgd(const Sgd& sgd, std::int64_t count, float* w, const float* g, float* m) {
    bool finite = true;
    for (std::int64_t i = 0; i < count; ++i) {
        const float step = g[i] * sgd.learning_rate;
        if (sgd.momentum == 0.0F) {
            w[i] = w[i] - step;
            finite = finite && std::isfinite(w[i]);
            continue;
        }
        m[i] = m[i] * sgd.momentum - step;
        w[i] = w[i] + (sgd.nesterov ? m[i] * sgd.momentum - step : m[i]);
        finite = finite && std::isfinite(m[i]) && std::isfinite(w[i]);
    }
    return finite;
}

bool adam(const Adam& adam, std::int64_t count, float* w, const float* g, float* m, float* v) {
    bool finite = true;
    for (std::int64_t i = 0; i < count; ++i) {
        m[i] = m[i] + (g[i] - m[i]) * adam.c1;
        v[i] = v[i] + (g[i] * g[i] - v[i]) * adam.c2;
        w[i] = w[i] - (m[i] * adam.alpha) / (std::sqrt(v[i]) + adam.epsilon);
        finite = finite && std::isfinite(m[i]) && std::isfinite(v[i]) && std::isfinite(w[i]);
    }
    return finite;
}

bool rms_prop(const RmsProp& rms, std::int64_t count, float* w, const float* g, float* v, float* m) {
    bool finite = true;
    for (std::int64_t i = 0; i < count; ++i) {
        v[i] = rms.rho * v[i] + rms.c * (g[i] * g[i]);
        const float step = (rms.learning_rate * g[i]) / std::sqrt(v[i] + rms.epsilon);
        if (rms.momentum == 0.0F) {
            w[i] = w[i] - step;
        } else {
            m[i] = rms.momentum * m[i] + step;
            w[i] = w[i] - m[i];
            finite = finite && std::isfinite(m[i]);
        }
        finite = finite && std::isfinite(v[i]) && std::isfinite(w[i]);
    }
    return finite;
}

void weight_decay(float decay, float learning_rate, std::int64_t count, float* w) {
    for (std::int64_t i = 0; i < count; ++i) w[i] = w[i] - (w[i] * decay) * learning_rate;
}

void scale_gradient(float factor, std::int64_t count, const float* g, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = g[i] * factor;
}

void clip_gradient(float limit, std::int64_t count, const float* g, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = g[i] < -limit ? -limit : g[i] > limit ? limit : g[i];
}

void penalty_gradient(const Penalty& penalty, std::int64_t count, const float* w, const float* g, float* y) {
    for (std::int64_t i = 0; i < count; ++i) {
        float sum = g[i];
        if (penalty.l1) sum = sum + (w[i] > 0 ? penalty.factor_1 : w[i] < 0 ? -penalty.factor_1 : 0.0F);
        if (penalty.l2) sum = numerics::fma(penalty.factor_2, w[i], sum);
        y[i] = sum;
    }
}

}  // namespace

void fill_optimizer(Table& table) {
    table.sgd = sgd;
    table.adam = adam;
    table.rms_prop = rms_prop;
    table.weight_decay = weight_decay;
    table.scale_gradient = scale_gradient;
    table.clip_gradient = clip_gradient;
    table.penalty_gradient = penalty_gradient;
}

}  // namespace samebits::kernels::ref
