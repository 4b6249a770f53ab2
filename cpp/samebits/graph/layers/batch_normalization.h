// Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted (Ioffe and Szegedy 2015).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "samebits/base/api.h"
#include "samebits/graph/initializer.h"
#include "samebits/graph/regularizer.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, ..., C) -> y of the same shape. Weights, each (C): gamma, beta, moving_mean, moving_variance. Training: y = (x - mean)
// / sqrt(variance + epsilon) * gamma + beta with the batch's mean and biased variance of each channel, which also move the
// latter two: moving = moving * momentum + value * (1 - momentum), once a step. Else the moving ones take their place.
struct BatchNormalization {
    std::int64_t axis = -1;  // the last one, said so or by its number
    double momentum = 0.99;  // in [0, 1]
    double epsilon = 1e-3;   // > 0
    bool center = true;      // false: no beta
    bool scale = true;       // false: no gamma
    Initializer beta_initializer = "zeros";
    Initializer gamma_initializer = "ones";
    Initializer moving_mean_initializer = "zeros";
    Initializer moving_variance_initializer = "ones";
    Regularizer beta_regularizer{};
    Regularizer gamma_regularizer{};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const BatchNormalization& spec);

}  // namespace samebits::layers
