// 2-D convolution, NHWC: y = activation(x * W + b).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

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
    std::string activation{};
    bool use_bias = true;
    std::string kernel_initializer = "glorot_uniform";
    std::string bias_initializer = "zeros";
    std::string name{};
};

std::shared_ptr<const LayerImpl> make_layer(const Conv2D& spec);

}  // namespace samebits::layers
