// (B, ...) -> (B, product), row-major: the channels stay the fastest axis, as in Keras.
#pragma once

#include <memory>
#include <string>

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

struct Flatten {
    std::string name{};
};

std::shared_ptr<const LayerImpl> make_layer(const Flatten& spec);

}  // namespace samebits::layers
