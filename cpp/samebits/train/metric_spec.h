// The metrics and their arguments, with Keras's names and defaults.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "samebits/base/api.h"

namespace samebits {

enum class MetricKind : std::uint8_t {
    by_shapes,           // "accuracy": binary, categorical or sparse categorical, as Keras chooses
    binary_accuracy,     // (prediction > threshold ? 1 : 0) equals the target
    categorical,         // first maximum of the prediction = first maximum of the target
    sparse_categorical,  // first maximum of the prediction = the label
    top_k,               // fewer than k predictions are above that of the target's first maximum
    sparse_top_k,        // ... of the label
    mean_squared_error,
    mean_absolute_error,
    equality,  // the class Accuracy: prediction equals target
};

// By name ("accuracy", "mse", "TopKCategoricalAccuracy", ...) or in full. Throws InvalidArgument (unknown, with the nearest) or
// NotImplemented (Keras's, not ours yet).
struct SAMEBITS_API MetricSpec {
    MetricKind kind;
    std::string name;        // in History
    std::int64_t k = 5;      // top_k, sparse_top_k: at least 1
    double threshold = 0.5;  // binary_accuracy: in (0, 1)

    MetricSpec(MetricKind metric, std::string label) : kind(metric), name(std::move(label)) {}
    MetricSpec(const std::string& text);                             // NOLINT: .metrics = {"accuracy"} reads well
    MetricSpec(const char* text) : MetricSpec(std::string(text)) {}  // NOLINT
    // Throws InvalidArgument when a number breaks its rule or the name is empty or "loss".
    void validate() const;
};

namespace metrics {
SAMEBITS_API MetricSpec BinaryAccuracy(double threshold = 0.5, std::string name = "binary_accuracy");
SAMEBITS_API MetricSpec TopKCategoricalAccuracy(std::int64_t k = 5, std::string name = "top_k_categorical_accuracy");
SAMEBITS_API MetricSpec SparseTopKCategoricalAccuracy(std::int64_t k = 5,
                                                      std::string name = "sparse_top_k_categorical_accuracy");
}  // namespace metrics

// Keras's class: "TopKCategoricalAccuracy"; "accuracy" of by_shapes.
SAMEBITS_API std::string class_name_of(MetricKind kind);
// What the class is called when it gets no name: "top_k_categorical_accuracy".
SAMEBITS_API std::string default_name_of(MetricKind kind);
// By its class ("Accuracy" is equality, as in Keras), with its default name; throws as MetricSpec(text).
SAMEBITS_API MetricSpec metric_of_class(const std::string& type);

// Whether a larger number is better.
inline bool is_accuracy(MetricKind kind) {
    return kind != MetricKind::mean_squared_error && kind != MetricKind::mean_absolute_error;
}

}  // namespace samebits
