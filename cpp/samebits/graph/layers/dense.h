// y = activation(x W + b) over the last axis.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, ..., C) -> y (B, ..., units); kernel (C, units), bias (units). Gradients: dW = x^T dy, db = sum dy, dx = dy W^T.
struct Dense {
    std::int64_t units = 0;    // >= 1
    std::string activation{};  // "", "linear", "relu", "tanh", "sigmoid", "softmax"
    bool use_bias = true;
    std::string kernel_initializer = "glorot_uniform";
    std::string bias_initializer = "zeros";
    std::string name{};
};

std::shared_ptr<const LayerImpl> make_layer(const Dense& spec);

}  // namespace samebits::layers
