// A depthwise convolution followed by a 1 x 1 convolution, NHWC: y = activation((x * D) * P + b).
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

// x (B, H, W, C) -> y (B, P, Q, filters); depthwise_kernel (R, S, C, M), M = depth_multiplier, pointwise_kernel (1, 1, C * M,
// filters), bias (filters). No bias and no activation lie between the two convolutions.
struct SeparableConv2D {
    std::int64_t filters = 0;  // >= 1
    std::array<std::int64_t, 2> kernel_size{0, 0};
    std::array<std::int64_t, 2> strides{1, 1};
    std::string padding = "valid";
    std::array<std::int64_t, 2> dilation_rate{1, 1};  // above 1 only with strides 1
    std::int64_t depth_multiplier = 1;                // >= 1
    std::string activation{};
    bool use_bias = true;
    Initializer depthwise_initializer = "glorot_uniform";
    Initializer pointwise_initializer = "glorot_uniform";
    Initializer bias_initializer = "zeros";
    Regularizer depthwise_regularizer{};
    Regularizer pointwise_regularizer{};
    Regularizer bias_regularizer{};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const SeparableConv2D& spec);

}  // namespace samebits::layers
