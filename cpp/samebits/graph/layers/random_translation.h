// While training, shifts each image by chance; else passes it on.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// x (B, H, W, C) -> y likewise. A factor is a share of the height or the width, drawn from [lower, upper); positive: down,
// right. How far: graph/layers/augmentation.h; what is read: kernels/translate2d.h.
struct RandomTranslation {
    // (lower, upper), in [-1, 1]; as a recipe's argument f also stands for (-f, f). Both must be given.
    std::array<double, 2> height_factor{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    std::array<double, 2> width_factor{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    std::string fill_mode = "reflect";       // "constant", "nearest", "wrap"
    std::string interpolation = "bilinear";  // or "nearest"
    double fill_value = 0;                   // of "constant"
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const RandomTranslation& spec);

}  // namespace samebits::layers
