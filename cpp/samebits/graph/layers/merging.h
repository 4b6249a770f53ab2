// Layers of several inputs: their sum, or one beside the other.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// The sum of inputs of one shape, from the left.
struct Add {
    std::string name{};
};

// The inputs one after the other along an axis; all other axes must be equal.
struct Concatenate {
    std::int64_t axis = -1;  // counts the batch, which it cannot be: 1 is a sample's first axis
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Add& spec);
SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Concatenate& spec);

}  // namespace samebits::layers
