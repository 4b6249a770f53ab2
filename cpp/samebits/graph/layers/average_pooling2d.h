// The mean of each window, NHWC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y (B, P, Q, C). The mean is that of the cells inside the input.
struct AveragePooling2D {
    std::array<std::int64_t, 2> pool_size{0, 0};
    std::array<std::int64_t, 2> strides{0, 0};  // (0, 0): pool_size, Keras's default
    std::string padding = "valid";              // padded cells are not counted
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const AveragePooling2D& spec);

}  // namespace samebits::layers
