// Steps of layers that move images as they are: cropping, padding, mirroring.
#pragma once

#include <functional>

#include "samebits/graph/builder.h"

namespace samebits::layers {

// Where the samples of a step lie; `at` has room for the batch.
using Placements = std::function<void(const Frame& frame, kernels::Placement* at)>;

// y (B, P, Q, C): each sample of x (B, H, W, C) placed as `placements` says (kernels/place2d.h), and the gradient.
Value place(Builder& b, Value x, std::int64_t p, std::int64_t q, const Placements& placements);

}  // namespace samebits::layers
