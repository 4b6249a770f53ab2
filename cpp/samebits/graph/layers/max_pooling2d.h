// The largest value of each window, NHWC.
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

// x (B, H, W, C) -> y (B, P, Q, C). Of equal values the first in the window, row by row, wins and takes the gradient.
struct MaxPooling2D {
    std::array<std::int64_t, 2> pool_size{2, 2};
    std::array<std::int64_t, 2> strides{0, 0};  // (0, 0): pool_size, Keras's default
    std::string padding = "valid";              // padded cells never win
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const MaxPooling2D& spec);

}  // namespace samebits::layers
