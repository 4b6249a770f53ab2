// y = activation(x W + b) over the last axis.
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

// x (B, ..., C) -> y (B, ..., units); kernel (C, units), bias (units). Gradients: dW = x^T dy, db = sum dy, dx = dy W^T.
struct Dense {
    std::int64_t units = 0;    // >= 1
    std::string activation{};  // "", "linear", "relu", "tanh", "sigmoid", "softmax"
    bool use_bias = true;
    Initializer kernel_initializer = "glorot_uniform";
    Initializer bias_initializer = "zeros";
    Regularizer kernel_regularizer{};
    Regularizer bias_regularizer{};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Dense& spec);

}  // namespace samebits::layers
