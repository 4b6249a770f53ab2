// Softmax over the last axis as a layer of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// y = exp(x - max) / sum of exp(x - max).
struct Softmax {
    std::int64_t axis = -1;  // the last one, said so or by its number
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Softmax& spec);

}  // namespace samebits::layers
