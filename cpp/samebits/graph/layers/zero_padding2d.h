// Zeros around every image, NHWC.
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

// x (B, H, W, C) -> y (B, top + H + bottom, left + W + right, C).
struct ZeroPadding2D {
    // ((top, bottom), (left, right)), from 0. As a recipe's argument also (rows, columns) or one number.
    std::array<std::array<std::int64_t, 2>, 2> padding{{{1, 1}, {1, 1}}};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const ZeroPadding2D& spec);

}  // namespace samebits::layers
