// What the model is trained towards: checked once against the loss and the output, staged batch by batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "samebits/base/view.h"
#include "samebits/train/loss_spec.h"

namespace samebits {

// An array and the float32 division its values go through on their way in (recipes' `divide`).
struct Source {
    ArrayView view;
    float divide = 1;
};

// What a call is given: an array an input, an array an output, and a factor a sample.
struct Samples {
    std::vector<Source> x;
    std::vector<ArrayView> y;    // empty: to predict
    std::vector<float> weights;  // of the samples; empty: all are 1

    [[nodiscard]] std::int64_t count() const { return x.empty() ? 0 : x[0].view.length(); }
};

// Output of the model as the loss sees it.
struct OutputRows {
    std::int64_t rows;     // of one sample: the product of all axes but the last
    std::int64_t classes;  // the last axis
};
OutputRows output_rows(const Shape& output_shape);

inline bool wants_labels(LossName loss) { return loss == LossName::sparse_categorical_crossentropy; }

// float(sample_weight * class_weight) of every sample: sample_weight rounded to float32 as all data, the product in float64;
// none given: empty. class_weight: by label (rounded to even), or by the first maximum of a one-hot row; labels without one
// have 1. y: of the only output. Throws InvalidArgument for weights that are not one finite number a sample.
std::vector<float> sample_weights(std::string_view op, const std::optional<ArrayView>& sample_weight,
                                  const std::map<std::int64_t, double>& class_weight, std::span<const ArrayView> y,
                                  std::int64_t samples);

// Throws InvalidArgument when x is not (N, sample shape), is empty or holds NaN or infinity.
void check_inputs(std::string_view op, const Source& x, const Shape& sample_shape, std::string_view what = "x");
// Throws InvalidArgument when y cannot be the targets of this loss for N samples of this output.
void check_targets(std::string_view op, const ArrayView& y, std::int64_t samples, LossName loss, const Shape& output_shape,
                   std::string_view what = "y");

}  // namespace samebits
