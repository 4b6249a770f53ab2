// While training, zeroes a fraction `rate` of the elements and divides the others by 1 - rate; else passes them on.
#pragma once

#include <limits>
#include <memory>
#include <string>

#include "samebits/base/api.h"

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// Which elements: by seed, the layer's name, the model's step, the sample's position in the batch and the element (the law,
// section 7), never by call order.
struct Dropout {
    double rate = std::numeric_limits<double>::quiet_NaN();  // must be given, in [0, 1)
    std::string name{};
};

SAMEBITS_API std::shared_ptr<const LayerImpl> make_layer(const Dropout& spec);

}  // namespace samebits::layers
