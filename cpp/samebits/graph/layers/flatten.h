// (B, ...) -> (B, product), row-major: the channels stay the fastest axis, as in Keras.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

struct Flatten {
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Flatten& spec);

}  // namespace samebits::layers
