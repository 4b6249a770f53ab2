// Each row of channels brought to mean 0 and variance 1, then scaled and shifted (Ba, Kiros and Hinton 2016).
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

// x (B, ..., C) -> y of the same shape: y = (x - mean) / sqrt(variance + epsilon) * gamma + beta, with the mean and biased
// variance of the row's C elements. Weights, each (C): gamma, beta.
struct LayerNormalization {
    std::int64_t axis = -1;  // the last one, said so or by its number
    double epsilon = 1e-3;   // > 0
    bool center = true;      // false: no beta
    bool scale = true;       // false: no gamma
    Initializer beta_initializer = "zeros";
    Initializer gamma_initializer = "ones";
    Regularizer beta_regularizer{};
    Regularizer gamma_regularizer{};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const LayerNormalization& spec);

}  // namespace samebits::layers
