// The largest value of each channel, NHWC.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y (B, C), or (B, 1, 1, C) with keepdims: the largest value of each channel; of equal ones the first, row by
// row, takes the gradient.
struct GlobalMaxPooling2D {
    bool keepdims = false;
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const GlobalMaxPooling2D& spec);

}  // namespace samebits::layers
