#include "samebits/train/targets.h"

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

void require_unit_interval(std::string_view op, const ArrayView& y, LossName loss) {
    constexpr std::int64_t piece = 1024;
    const std::int64_t width = element_count(y.sample_shape());
    std::vector<float> values(static_cast<std::size_t>(piece * width));
    std::vector<std::int64_t> rows;
    for (std::int64_t begin = 0; begin < y.length(); begin += piece) {
        rows.clear();
        for (std::int64_t i = begin; i < y.length() && i < begin + piece; ++i) rows.push_back(i);
        gather_rows(y, rows, values.data());
        for (std::size_t i = 0; i < rows.size() * static_cast<std::size_t>(width); ++i)
            require(values[i] >= 0 && values[i] <= 1, "[{}] targets of {} lie in [0, 1]; got {} in y[{}]; scale or encode y",
                    op, name_of(loss), values[i], begin + static_cast<std::int64_t>(i) / width);
    }
}

void check_labels(std::string_view op, const ArrayView& y, const Shape& output) {
    const std::int64_t classes = output.back();
    require(classes >= 2, "[{}] sparse_categorical_crossentropy needs at least 2 outputs; got {}; use binary_crossentropy", op,
            classes);
    if (!matches(y, output, 1, true)) {
        require(!matches(y, output, classes, false),
                "[{}] sparse_categorical_crossentropy takes one whole number a sample; got y of shape {}, one-hot; "
                "use categorical_crossentropy or y.argmax(-1)",
                op, to_string(y.shape));
        fail("[{}] y must be the labels of the model's output {}; got y of shape {}", op, with_batch(output),
             to_string(y.shape));
    }
    require_labels(y, classes, op, "y");
}

}  // namespace

OutputRows output_rows(const Shape& output_shape) {
    const std::int64_t classes = output_shape.back();
    return {element_count(output_shape) / classes, classes};
}

void check_inputs(std::string_view op, const Source& x, const Shape& sample_shape) {
    require(!x.view.shape.empty() && x.view.sample_shape() == sample_shape,
            "[{}] x must be samples of the model's input shape {}; got x of shape {}; reshape x", op, with_batch(sample_shape),
            to_string(x.view.shape));
    require(x.view.length() > 0, "[{}] x is empty; got shape {}; give at least one sample", op, to_string(x.view.shape));
    require_finite(x.view, op, "x", x.divide);
}

void check_targets(std::string_view op, const ArrayView& y, std::int64_t samples, LossName loss, const Shape& output) {
    require(!y.shape.empty() && y.length() == samples,
            "[{}] x and y must have the same length; got {} samples in x and y of shape {}", op, samples, to_string(y.shape));
    if (wants_labels(loss)) return check_labels(op, y, output);
    if (!matches(y, output, output.back(), output.back() == 1)) {
        require(loss != LossName::categorical_crossentropy || !matches(y, output, 1, true),
                "[{}] categorical_crossentropy takes one-hot targets; got y of shape {}, integer labels; "
                "use sparse_categorical_crossentropy or to_categorical",
                op, to_string(y.shape));
        fail("[{}] y must have the shape of the model's output {}; got y of shape {}", op, with_batch(output),
             to_string(y.shape));
    }
    require_finite(y, op, "y");
    if (loss == LossName::categorical_crossentropy)
        require(output.back() >= 2, "[{}] categorical_crossentropy needs at least 2 outputs; got {}; use binary_crossentropy",
                op, output.back());
    if (loss != LossName::mean_squared_error) require_unit_interval(op, y, loss);
}

}  // namespace samebits
