// The same elements of a sample under another shape.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"
#include "samebits/base/shape.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// (B, ...) -> (B, *target_shape), in C order. One dimension may be -1: what is left.
struct Reshape {
    Shape target_shape{};
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Reshape& spec);

}  // namespace samebits::layers
