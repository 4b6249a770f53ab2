// An activation as a layer of its own.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

struct Activation {
    std::string activation{};  // "linear", "relu", "tanh", "sigmoid", "softmax" (over the last axis)
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Activation& spec);

}  // namespace samebits::layers
