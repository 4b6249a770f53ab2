// The public check every kind of layer must pass: for a layer's author and for our own tests.
#pragma once

#include <cstdint>
#include <string>

#include "samebits/base/api.h"
#include "samebits/base/shape.h"
#include "samebits/graph/layer.h"

namespace samebits {

struct CheckLayerOptions {
    std::int64_t batch = 3;
    std::uint64_t seed = 1;
};

// Throws RunFailed, saying which check failed and where, unless
// - the output has the shape the layer promises and is finite, with every buffer poisoned with NaN beforehand,
// - a sample alone gets the bits it gets in a batch (forward), and a second run gives the bits of the first,
// - all instruction sets of this machine and 1, 2 and 3 threads give one set of bits, forward and backward,
// - the gradients of inputs and weights agree with finite differences (one-sided ones enclose them at kinks),
// - the layer written as JSON and read back is the same layer.
// Throws InvalidArgument when the layer does not accept the shape.
SAMEBITS_API void check_layer(const Layer& layer, const Shape& input_shape, const CheckLayerOptions& options = {});

}  // namespace samebits
