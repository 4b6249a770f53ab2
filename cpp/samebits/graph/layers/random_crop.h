// While training, a piece of each image chosen by chance; else its middle.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y (B, height, width, C), no larger than the image. In inference the piece starts at floor((H - height) /
// 2), floor((W - width) / 2). Which piece: graph/layers/augmentation.h.
struct RandomCrop {
    std::int64_t height = 0;  // >= 1
    std::int64_t width = 0;
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const RandomCrop& spec);

}  // namespace samebits::layers
