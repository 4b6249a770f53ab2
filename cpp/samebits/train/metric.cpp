#include "samebits/train/metric.h"

#include <algorithm>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

constexpr std::string_view known[] = {"accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"};
constexpr std::string_view not_yet[] = {
    "auc",
    "cosine_similarity",
    "f1_score",
    "false_negatives",
    "false_positives",
    "hinge",
    "mae",
    "mape",
    "mean_absolute_error",
    "mean_squared_error",
    "mse",
    "precision",
    "r2_score",
    "recall",
    "root_mean_squared_error",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
};

bool automatic(const std::string& name) { return name == "accuracy" || name == "acc"; }

std::int64_t first_maximum(const float* values, std::int64_t count) {
    std::int64_t best = 0;
    for (std::int64_t i = 1; i < count; ++i)
        if (values[i] > values[best]) best = i;
    return best;
}

std::int64_t right_elements(std::int64_t count, const float* prediction, const float* target) {
    std::int64_t right = 0;
    for (std::int64_t i = 0; i < count; ++i) right += (prediction[i] > 0.5F ? 1.0F : 0.0F) == target[i] ? 1 : 0;
    return right;
}

}  // namespace

void check_metric_names(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (name == "acc" || std::find(std::begin(known), std::end(known), name) != std::end(known)) continue;
        const std::string key = snake_case(name);
        require<NotImplemented>(std::find(std::begin(not_yet), std::end(not_yet), key) == std::end(not_yet),
                                "[compile] metric \"{}\" is not implemented yet; got metrics=[\"{}\"]; use {}", name, name,
                                list_of(known));
        fail("[compile] unknown metric; got metrics=[\"{}\"]; use {}{}", name, list_of(known), did_you_mean(key, known));
    }
}

std::vector<MetricSpec> choose_metrics(const std::vector<std::string>& names, bool sparse, std::int64_t classes) {
    std::vector<MetricSpec> metrics;
    for (const std::string& name : names) {
        AccuracyKind kind = classes == 1 ? AccuracyKind::binary : sparse ? AccuracyKind::sparse : AccuracyKind::categorical;
        if (!automatic(name)) {
            kind = name == known[1]   ? AccuracyKind::binary
                   : name == known[2] ? AccuracyKind::categorical
                                      : AccuracyKind::sparse;
            require(sparse == (kind == AccuracyKind::sparse),
                    "[metrics] {} does not fit these targets; got {}; use metrics=[\"accuracy\"]", name,
                    sparse ? "integer labels" : "one value for each output");
        }
        metrics.push_back({name, kind});
    }
    return metrics;
}

void MetricSums::reset(const std::vector<OutputMetrics>& outputs) {
    *this = MetricSums();
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        if (outputs.size() > 1) output_losses_.emplace_back(outputs[i].prefix + "loss", 0.0);
        for (const MetricSpec& spec : outputs[i].metrics) counts_.push_back({i, outputs[i].prefix + spec.name, spec.kind});
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
    for (Count& count : counts_) {
        if (count.output != output) continue;
        if (count.kind == AccuracyKind::binary) {
            count.right += right_elements(rows * classes, prediction, target);
            count.all += rows * classes;
            continue;
        }
        for (std::int64_t row = 0; row < rows; ++row) {
            const std::int64_t want =
                count.kind == AccuracyKind::sparse ? label[row] : first_maximum(target + row * classes, classes);
            count.right += first_maximum(prediction + row * classes, classes) == want ? 1 : 0;
        }
        count.all += rows;
    }
}

Metrics MetricSums::result() const {
    const auto mean = [&](double total) { return samples_ == 0 ? 0.0 : total / static_cast<double>(samples_); };
    Metrics result{{"loss", mean(loss_total_)}};
    for (const auto& [name, total] : output_losses_) result.emplace_back(name, mean(total));
    for (const Count& count : counts_)
        result.emplace_back(count.name,
                            count.all == 0 ? 0.0 : static_cast<double>(count.right) / static_cast<double>(count.all));
    return result;
}

}  // namespace samebits
