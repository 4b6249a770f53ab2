// Shapes are lists of dimensions, outermost first, row-major.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/api.h"

namespace samebits {

using Shape = std::vector<std::int64_t>;

// Product of the dimensions (1 for a scalar). Throws InvalidArgument for a negative dimension or a product past 2^59.
SAMEBITS_API std::int64_t element_count(std::span<const std::int64_t> shape);

// "(8, 8, 1)"; "(3,)" for one dimension, as Python prints tuples.
SAMEBITS_API std::string to_string(std::span<const std::int64_t> shape);

// "(None, 8, 8, 1)": the shape of one sample with the batch before it.
SAMEBITS_API std::string with_batch(std::span<const std::int64_t> sample_shape);

}  // namespace samebits
