// What a training step does to one weight and its gradient, elementwise, as parenthesised in the law (section 5). An update
// returns whether all that it has written is finite.
#pragma once

#include <cstdint>

namespace samebits::kernels {

struct Sgd {
    float learning_rate;
    float momentum;  // 0: no slot
    bool nesterov;
};
// w - g*lr; with momentum m = m*mu - g*lr, then w + m, or nesterov w + (m*mu - g*lr). w, g, m: (count); m null without
// momentum.
using SgdUpdate = bool (*)(const Sgd& sgd, std::int64_t count, float* w, const float* g, float* m);

struct Adam {
    float alpha;   // float(lr * sqrt(1 - beta2^t) / (1 - beta1^t)), in float64
    float c1, c2;  // float(1 - beta1), float(1 - beta2), in float64
    float epsilon;
};
// m = m + (g - m)*c1; v = v + (g*g - v)*c2; w = w - (m*alpha) / (sqrt(v) + eps).
using AdamUpdate = bool (*)(const Adam& adam, std::int64_t count, float* w, const float* g, float* m, float* v);

struct RmsProp {
    float learning_rate;
    float rho, c;    // c = float(1 - rho), in float64
    float momentum;  // 0: no second slot
    float epsilon;
};
// v = rho*v + c*(g*g); d = (lr*g) / sqrt(v + eps); w - d, or with momentum m = mu*m + d, then w - m. m null without momentum.
using RmsPropUpdate = bool (*)(const RmsProp& rms_prop, std::int64_t count, float* w, const float* g, float* v, float* m);

// w = w - (w*weight_decay)*learning_rate.
using WeightDecay = void (*)(float weight_decay, float learning_rate, std::int64_t count, float* w);

// y = g*factor; y may be g.
using ScaleGradient = void (*)(float factor, std::int64_t count, const float* g, float* y);
// y = g < -limit ? -limit : g > limit ? limit : g; y may be g.
using ClipGradient = void (*)(float limit, std::int64_t count, const float* g, float* y);

struct Penalty {
    bool l1, l2;     // which parts there are
    float factor_1;  // float(l1)
    float factor_2;  // float(2*l2), in float64
};
// The gradient of a regularizer of w: y = g + (w > 0 ? l1 : w < 0 ? -l1 : +0), then y = fma(2*l2, w, y); y may be g.
using PenaltyGradient = void (*)(const Penalty& penalty, std::int64_t count, const float* w, const float* g, float* y);

}  // namespace samebits::kernels
