#include "samebits/train/metric.h"

#include <cmath>

#include "samebits/base/check.h"

namespace samebits {
namespace {

std::int64_t first_maximum(const float* values, std::int64_t count) {
    std::int64_t best = 0;
    for (std::int64_t i = 1; i < count; ++i)
        if (values[i] > values[best]) best = i;
    return best;
}

// Elements of all rows.
struct Elements {
    std::int64_t count;
    const float* prediction;
    const float* target;
};

std::int64_t right_sides(const Elements& e, float threshold) {
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < e.count; ++i) right += (e.prediction[i] > threshold ? 1.0F : 0.0F) == e.target[i] ? 1 : 0;
    return right;
}

std::int64_t equal_elements(const Elements& e) {
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < e.count; ++i) right += e.prediction[i] == e.target[i] ? 1 : 0;
    return right;
}

void add_errors(const Elements& e, bool squared, double& total) {
    for (std::int64_t i = 0; i < e.count; ++i) {
        const double d = static_cast<double>(e.prediction[i]) - static_cast<double>(e.target[i]);
        total += squared ? d * d : std::fabs(d);
    }
}

bool is_right(const MetricSpec& metric, const float* prediction, std::int64_t classes, std::int64_t want) {
    if (metric.kind == MetricKind::categorical || metric.kind == MetricKind::sparse_categorical)
        return first_maximum(prediction, classes) == want;
    std::int64_t above = 0;
    for (std::int64_t j = 0; j < classes && above < metric.k; ++j) above += prediction[j] <= prediction[want] ? 0 : 1;
    return above < metric.k;
}

bool by_rows(MetricKind kind) {
    return kind == MetricKind::categorical || kind == MetricKind::sparse_categorical || kind == MetricKind::top_k ||
           kind == MetricKind::sparse_top_k;
}

}  // namespace

std::vector<MetricSpec> choose_metrics(const std::vector<MetricSpec>& metrics, bool sparse, std::int64_t classes) {
    std::vector<MetricSpec> chosen;
    for (MetricSpec metric : metrics) {
        if (metric.kind == MetricKind::by_shapes)
            metric.kind = sparse         ? MetricKind::sparse_categorical
                          : classes == 1 ? MetricKind::binary_accuracy
                                         : MetricKind::categorical;
        const bool wants_labels = metric.kind == MetricKind::sparse_categorical || metric.kind == MetricKind::sparse_top_k;
        require(sparse == wants_labels, "[metrics] {} does not fit these targets; got {}; use metrics=[\"accuracy\"]",
                metric.name, sparse ? "integer labels" : "one value for each output");
        for (const MetricSpec& other : chosen)
            require(other.name != metric.name,
                    "[metrics] names must differ; got \"{}\" twice; give one another name=", metric.name);
        chosen.push_back(metric);
    }
    return chosen;
}

void MetricSums::reset(const std::vector<OutputMetrics>& outputs) {
    *this = MetricSums();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (outputs.size() > 1) output_losses_.emplace_back(outputs[i].prefix + "loss", 0.0);
        for (MetricSpec metric : outputs[i].metrics) {
            metric.name = outputs[i].prefix + metric.name;
            sums_.push_back({i, std::move(metric)});
        }
    }
}

void MetricSums::add_loss(float loss, std::span<const float> output_losses, std::int64_t samples) {
    const auto count = static_cast<double>(samples);
    loss_total_ += static_cast<double>(loss) * count;
    for (std::size_t i = 0; i < output_losses_.size(); ++i)
        output_losses_[i].second += static_cast<double>(output_losses[i]) * count;
    samples_ += samples;
}

void MetricSums::add_predictions(std::size_t output, std::int64_t rows, std::int64_t classes, const float* prediction,
                                 const float* target, const std::int32_t* label) {
    const Elements elements{rows * classes, prediction, target};
    for (Sum& sum : sums_) {
        if (sum.output != output) continue;
        sum.all += by_rows(sum.metric.kind) ? rows : rows * classes;
        if (!is_accuracy(sum.metric.kind)) {
            add_errors(elements, sum.metric.kind == MetricKind::mean_squared_error, sum.error);
        } else if (!by_rows(sum.metric.kind)) {
            sum.right += sum.metric.kind == MetricKind::equality
                             ? equal_elements(elements)
                             : right_sides(elements, static_cast<float>(sum.metric.threshold));
        } else {
            for (std::int64_t row = 0; row < rows; ++row) {
                const std::int64_t at = row * classes;
                const std::int64_t want = label != nullptr ? label[row] : first_maximum(target + at, classes);
                sum.right += is_right(sum.metric, prediction + at, classes, want) ? 1 : 0;
            }
        }
    }
}

Metrics MetricSums::result() const {
    const auto mean = [&](double total) { return samples_ == 0 ? 0.0 : total / static_cast<double>(samples_); };
    Metrics result{{"loss", mean(loss_total_)}};
    for (const auto& [name, total] : output_losses_) result.emplace_back(name, mean(total));
    for (const Sum& sum : sums_) {
        const double total = is_accuracy(sum.metric.kind) ? static_cast<double>(sum.right) : sum.error;
        result.emplace_back(sum.metric.name, sum.all == 0 ? 0.0 : total / static_cast<double>(sum.all));
    }
    return result;
}

}  // namespace samebits
