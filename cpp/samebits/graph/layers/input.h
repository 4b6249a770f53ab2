// The model's input: no arithmetic, only the shape of one sample.
#pragma once

#include <memory>
#include <string>

#include "samebits/base/api.h"
#include "samebits/base/shape.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

struct Input {
    Shape shape{};  // of one sample, every dimension >= 1
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Input& spec);

}  // namespace samebits::layers
