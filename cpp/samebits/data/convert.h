// From arrays of any element type and any strides to what the kernels read: numerics profile 1, section 8.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "samebits/base/view.h"

namespace samebits {

// Writes the samples `rows` of `array` (B, ...) one after the other, each in C order, as float32: float64 and integers to
// nearest, bool as 0 or 1, then one float32 division by `divide` (1 changes nothing). `out` has rows * elements of a sample.
// Throws IndexOutOfRange for a row outside the array. What require_finite refuses becomes infinity or NaN here.
void gather_rows(const ArrayView& array, std::span<const std::int64_t> rows, float* out, float divide = 1);

// Where those samples lie in `array` just as gather_rows would write them (float32, in C order, one after the other); null when
// they do not.
const float* rows_in_place(const ArrayView& array, std::span<const std::int64_t> rows);

// As gather_rows, for labels that require_labels has accepted.
void gather_labels(const ArrayView& labels, std::span<const std::int64_t> rows, std::int32_t* out);

// The checks below look at a whole array once, before training. `op` and `what` name the call and the argument in the
// message, which tells the first place in C order: op = "fit", what = "x" gives "[fit] ... x[3, 1, 2] is nan ...".

// Every element, as gather_rows would give it, is finite: neither NaN or infinite, nor too large for float32.
// Throws InvalidArgument; also when `divide` is zero or not finite.
void require_finite(const ArrayView& array, std::string_view op, std::string_view what, float divide = 1);

// Every element is a whole number from 0 to classes - 1 (of any type: 3.0 is one). 1 <= classes <= 2^31.
// Throws InvalidArgument.
void require_labels(const ArrayView& labels, std::int64_t classes, std::string_view op, std::string_view what);

}  // namespace samebits
