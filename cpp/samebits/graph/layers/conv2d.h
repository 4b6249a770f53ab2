// 2-D convolution, NHWC: y = activation(x * W + b).
#pragma once

#include <array>
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

// x (B, H, W, C) -> y (B, P, Q, filters); kernel (R, S, C, filters), bias (filters). Cross-correlation, as in Keras.
struct Conv2D {
    std::int64_t filters = 0;  // >= 1
    std::array<std::int64_t, 2> kernel_size{0, 0};
    std::array<std::int64_t, 2> strides{1, 1};
    std::string padding = "valid";
    std::array<std::int64_t, 2> dilation_rate{1, 1};  // above 1 only with strides 1
    std::string activation{};
    bool use_bias = true;
    Initializer kernel_initializer = "glorot_uniform";
    Initializer bias_initializer = "zeros";
    Regularizer kernel_regularizer{};
    Regularizer bias_regularizer{};
    // "auto": the profile's choice; "direct", or for 3x3 windows with strides and dilation_rate 1 "winograd2" and "winograd4":
    // minimal filtering F(2x2, 3x3) and F(4x4, 3x3) in all passes. Each gives its own bits.
    std::string algorithm = "auto";
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Conv2D& spec);

}  // namespace samebits::layers
