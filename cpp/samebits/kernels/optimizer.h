// One step of an optimizer over one weight, elementwise, unfused, as parenthesised in the law (section 5).
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
using SgdUpdate = void (*)(const Sgd& sgd, std::int64_t count, float* w, const float* g, float* m);

struct Adam {
    float alpha;   // float(lr * sqrt(1 - beta2^t) / (1 - beta1^t)), in float64
    float c1, c2;  // float(1 - beta1), float(1 - beta2), in float64
    float epsilon;
};
// m = m + (g - m)*c1; v = v + (g*g - v)*c2; w = w - (m*alpha) / (sqrt(v) + eps).
using AdamUpdate = void (*)(const Adam& adam, std::int64_t count, float* w, const float* g, float* m, float* v);

}  // namespace samebits::kernels
