#include "samebits/train/targets.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/data/convert.h"

namespace samebits {
namespace {

// y's shape is (N, output) or, where the output's last axis is `dropped`, (N, output without it).
bool matches(const ArrayView& y, const Shape& output, std::int64_t last, bool may_drop) {
    Shape want{y.length()};
    want.insert(want.end(), output.begin(), output.end());
    want.back() = last;
    if (y.shape == want) return true;
    want.pop_back();
    return may_drop && y.shape == want;
}

void require_unit_interval(std::string_view op, const ArrayView& y, LossName loss, std::string_view what) {
    constexpr std::int64_t piece = 1024;
    const std::int64_t width = element_count(y.sample_shape());
    std::vector<float> values(static_cast<std::size_t>(piece * width));
    std::vector<std::int64_t> rows;
    for (std::int64_t begin = 0; begin < y.length(); begin += piece) {
        rows.clear();
        for (std::int64_t i = begin; i < y.length() && i < begin + piece; ++i) rows.push_back(i);
        gather_rows(y, rows, values.data());
        for (std::size_t i = 0; i < rows.size() * static_cast<std::size_t>(width); ++i)
            require(values[i] >= 0 && values[i] <= 1, "[{}] targets of {} lie in [0, 1]; got {} in {}[{}]; scale or encode it",
                    op, name_of(loss), values[i], what, begin + static_cast<std::int64_t>(i) / width);
    }
}

void check_labels(std::string_view op, const ArrayView& y, const Shape& output, std::string_view what) {
    const std::int64_t classes = output.back();
    require(classes >= 2, "[{}] sparse_categorical_crossentropy needs at least 2 outputs; got {}; use binary_crossentropy", op,
            classes);
    if (!matches(y, output, 1, true)) {
        require(!matches(y, output, classes, false),
                "[{}] sparse_categorical_crossentropy takes one whole number a sample; got {} of shape {}, one-hot; "
                "use categorical_crossentropy or y.argmax(-1)",
                op, what, to_string(y.shape));
        fail("[{}] {} must be the labels of the model's output {}; got {} of shape {}; reshape it", op, what,
             with_batch(output), what, to_string(y.shape));
    }
    require_labels(y, classes, op, what);
}

constexpr auto make_batches = "make it a batch, elements of a Dataset by .batch(32)";

}  // namespace

std::vector<float> sample_weights(std::string_view op, const std::optional<ArrayView>& sample_weight,
                                  const std::map<std::int64_t, double>& class_weight, std::span<const ArrayView> y,
                                  std::int64_t samples) {
    std::vector<float> weights;
    if (!sample_weight && class_weight.empty()) return weights;
    weights.assign(static_cast<std::size_t>(samples), 1.0F);
    std::vector<std::int64_t> rows(1);
    if (sample_weight) {
        const ArrayView& given = *sample_weight;
        const bool one_each = given.shape == Shape{samples} || given.shape == Shape{samples, 1};
        require(one_each,
                "[{}] sample_weight has one number a sample; got shape {} for {} samples; give an array of that length", op,
                to_string(given.shape), samples);
        require_finite(given, op, "sample_weight");
        for (rows[0] = 0; rows[0] < samples; ++rows[0]) gather_rows(given, rows, &weights[static_cast<std::size_t>(rows[0])]);
    }
    if (class_weight.empty()) return weights;
    for (const auto& [label, weight] : class_weight)
        require(label >= 0 && std::isfinite(weight) && weight >= 0,
                "[{}] class_weight maps labels to finite factors, none negative; got {}: {}; give factors from 0 on", op, label,
                weight);
    require(y.size() == 1, "[{}] class_weight is for models with one output; got {}; use sample_weight", op, y.size());
    require((y[0].shape.size() == 1 || y[0].shape.size() == 2) && y[0].length() == samples,
            "[{}] class_weight needs one label or one-hot row a sample; got y of shape {} for {} samples; use sample_weight",
            op, to_string(y[0].shape), samples);
    require_finite(y[0], op, "y");
    std::vector<float> row(static_cast<std::size_t>(element_count(y[0].sample_shape())));
    for (rows[0] = 0; rows[0] < samples; ++rows[0]) {
        gather_rows(y[0], rows, row.data());
        std::int64_t label = std::max_element(row.begin(), row.end()) - row.begin();
        if (row.size() == 1) label = std::fabs(row[0]) < 0x1p62F ? static_cast<std::int64_t>(std::nearbyint(row[0])) : -1;
        const auto found = class_weight.find(label);
        float& weight = weights[static_cast<std::size_t>(rows[0])];
        if (found == class_weight.end()) continue;
        const double product = static_cast<double>(weight) * found->second;
        weight = static_cast<float>(product);
        require(std::isfinite(weight), "[{}] sample_weight times class_weight must be finite in float32; got {}; {}", op,
                product, "give smaller factors");
    }
    return weights;
}

OutputRows output_rows(const Shape& output_shape) {
    const std::int64_t classes = output_shape.back();
    return {element_count(output_shape) / classes, classes};
}

void check_inputs(std::string_view op, const Source& x, const Shape& sample_shape, std::string_view what) {
    const std::span<const std::int64_t> shape = x.view.shape;
    if (std::ranges::equal(shape, sample_shape))
        fail("[{}] {} must be samples of the model's input shape {}; got {} of shape {}, one sample; {}", op, what,
             with_batch(sample_shape), what, to_string(shape), make_batches);
    if (shape.empty() || !std::ranges::equal(shape.subspan(1), sample_shape))
        fail("[{}] {} must be samples of the model's input shape {}; got {} of shape {}; reshape it", op, what,
             with_batch(sample_shape), what, to_string(shape));
    if (shape[0] == 0) fail("[{}] {} is empty; got shape {}; give at least one sample", op, what, to_string(shape));
    require_finite(x.view, op, what, x.divide);
}

void check_targets(std::string_view op, const ArrayView& y, std::int64_t samples, LossName loss, const Shape& output,
                   std::string_view what) {
    require(!y.shape.empty(), "[{}] {} has one target a sample; got {} of shape (), one number; {}", op, what, what,
            make_batches);
    require(y.length() == samples,
            "[{}] x and y must have the same length; got {} samples in x and {} of shape {}; give as many of each", op, samples,
            what, to_string(y.shape));
    if (wants_labels(loss)) return check_labels(op, y, output, what);
    if (!matches(y, output, output.back(), output.back() == 1)) {
        require(loss != LossName::categorical_crossentropy || !matches(y, output, 1, true),
                "[{}] categorical_crossentropy takes one-hot targets; got {} of shape {}, integer labels; "
                "use sparse_categorical_crossentropy or to_categorical",
                op, what, to_string(y.shape));
        fail("[{}] {} must have the shape of the model's output {}; got {} of shape {}; reshape it", op, what,
             with_batch(output), what, to_string(y.shape));
    }
    require_finite(y, op, what);
    if (loss == LossName::categorical_crossentropy)
        require(output.back() >= 2, "[{}] categorical_crossentropy needs at least 2 outputs; got {}; use binary_crossentropy",
                op, output.back());
    if (takes_probabilities(loss)) require_unit_interval(op, y, loss, what);
}

}  // namespace samebits
