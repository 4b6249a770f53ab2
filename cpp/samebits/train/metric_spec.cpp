#include "samebits/train/metric_spec.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

// By MetricKind.
constexpr std::string_view known[] = {
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "mean_squared_error",
    "mean_absolute_error",
};
constexpr std::string_view classes[] = {
    "accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "Accuracy",
};
constexpr std::pair<std::string_view, MetricKind> short_names[] = {
    {"acc", MetricKind::by_shapes},          {"Accuracy", MetricKind::by_shapes},      {"mse", MetricKind::mean_squared_error},
    {"MSE", MetricKind::mean_squared_error}, {"mae", MetricKind::mean_absolute_error}, {"MAE", MetricKind::mean_absolute_error},
};
constexpr std::string_view not_yet[] = {
    "auc",
    "bce",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "binary_iou",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "ce",
    "concordance_correlation",
    "cosine_similarity",
    "crossentropy",
    "f1_score",
    "f_beta_score",
    "false_negatives",
    "false_positives",
    "hinge",
    "huber",
    "iou",
    "kl_divergence",
    "kld",
    "log_cosh",
    "log_cosh_error",
    "mape",
    "mean",
    "mean_absolute_percentage_error",
    "mean_iou",
    "mean_squared_logarithmic_error",
    "msle",
    "one_hot_iou",
    "one_hot_mean_iou",
    "pearson_correlation",
    "poisson",
    "precision",
    "precision_at_recall",
    "r2_score",
    "recall",
    "recall_at_precision",
    "root_mean_squared_error",
    "sensitivity_at_specificity",
    "sparse_categorical_crossentropy",
    "specificity_at_sensitivity",
    "squared_hinge",
    "sum",
    "true_negatives",
    "true_positives",
};

template <std::size_t N>
const std::string_view* place(const std::string_view (&list)[N], const std::string& text) {
    const auto* const found = std::find(std::begin(list), std::end(list), text);
    return found == std::end(list) ? nullptr : found;
}

MetricKind by_name(const std::string& text) {
    for (const auto& [name, kind] : short_names)
        if (name == text) return kind;
    if (const auto* found = place(known, text)) return static_cast<MetricKind>(found - known);
    if (const auto* found = place(classes, text)) return static_cast<MetricKind>(found - classes);
    require<NotImplemented>(!is_one_of(text, not_yet),
                            "[compile] metric \"{}\" is not implemented yet; got metrics=[\"{}\"]; use {}", text, text,
                            list_of(known));
    fail("[compile] unknown metric; got metrics=[\"{}\"]; use {}{}", text, list_of(known),
         did_you_mean(snake_case(text), known));
}

}  // namespace

MetricSpec::MetricSpec(const std::string& text) : kind(by_name(text)), name(text) {}

void MetricSpec::validate() const {
    require(!name.empty() && name != "loss",
            "[compile] a metric needs a name, other than \"loss\"; got name=\"{}\"; choose another name", name);
    require(k >= 1, "[compile] k must be at least 1; got k={}; give at least 1", k);
    require(threshold > 0 && threshold < 1,
            "[compile] threshold must be in (0, 1); got threshold={}; give a number in this range", threshold);
}

namespace metrics {

MetricSpec BinaryAccuracy(double threshold, std::string name) {
    MetricSpec metric(MetricKind::binary_accuracy, std::move(name));
    metric.threshold = threshold;
    return metric;
}

MetricSpec TopKCategoricalAccuracy(std::int64_t k, std::string name) {
    MetricSpec metric(MetricKind::top_k, std::move(name));
    metric.k = k;
    return metric;
}

MetricSpec SparseTopKCategoricalAccuracy(std::int64_t k, std::string name) {
    MetricSpec metric(MetricKind::sparse_top_k, std::move(name));
    metric.k = k;
    return metric;
}

}  // namespace metrics

std::string class_name_of(MetricKind kind) { return std::string(classes[static_cast<int>(kind)]); }

std::string default_name_of(MetricKind kind) {
    return kind == MetricKind::equality ? "accuracy" : std::string(known[static_cast<int>(kind)]);
}

MetricSpec metric_of_class(const std::string& type) {
    const MetricKind kind = type == "Accuracy" ? MetricKind::equality : by_name(type);
    return {kind, default_name_of(kind)};
}

}  // namespace samebits
