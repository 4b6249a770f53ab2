// The mean of each channel, NHWC.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y (B, C), or (B, 1, 1, C) with keepdims: the mean of each channel.
struct GlobalAveragePooling2D {
    bool keepdims = false;
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const GlobalAveragePooling2D& spec);

}  // namespace samebits::layers
