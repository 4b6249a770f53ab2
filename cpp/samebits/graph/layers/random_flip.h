// While training, mirrors each image by chance; else passes it on.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y likewise. Which images: graph/layers/augmentation.h.
struct RandomFlip {
    std::string mode = "horizontal_and_vertical";  // or "horizontal" (left and right change places), "vertical"
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const RandomFlip& spec);

}  // namespace samebits::layers
