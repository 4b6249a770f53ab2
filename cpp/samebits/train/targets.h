// What the model is trained towards: checked once against the loss and the output, staged batch by batch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "samebits/base/view.h"
#include "samebits/train/loss_spec.h"

namespace samebits {

// An array and the float32 division its values go through on their way in (recipes' `divide`).
struct Source {
    ArrayView view;
    float divide = 1;
};

// Output of the model as the loss sees it.
struct OutputRows {
    std::int64_t rows;     // of one sample: the product of all axes but the last
    std::int64_t classes;  // the last axis
};
OutputRows output_rows(const Shape& output_shape);

inline bool wants_labels(LossName loss) { return loss == LossName::sparse_categorical_crossentropy; }

// Throws InvalidArgument when x is not (N, sample shape), is empty or holds NaN or infinity.
void check_inputs(std::string_view op, const Source& x, const Shape& sample_shape);
// Throws InvalidArgument when y cannot be the targets of this loss for N samples of this output.
void check_targets(std::string_view op, const ArrayView& y, std::int64_t samples, LossName loss, const Shape& output_shape);

}  // namespace samebits
