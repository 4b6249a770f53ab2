// The losses and their arguments, with Keras's names and defaults.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "samebits/base/api.h"

namespace samebits {

enum class LossName : std::uint8_t {
    categorical_crossentropy,
    sparse_categorical_crossentropy,
    binary_crossentropy,
    mean_squared_error,
    mean_absolute_error,
    huber
};

// By name ("categorical_crossentropy", "CategoricalCrossentropy", "mse", ...) or in full. Throws InvalidArgument (unknown, with
// the nearest) or NotImplemented (Keras's, not ours yet).
struct SAMEBITS_API LossSpec {
    LossName name;
    bool from_logits = false;  // cross-entropies: the model's output is logits, not probabilities
    double label_smoothing =
        0;             // categorical and binary: in [0, 1]; y becomes y*(1 - it) + it/classes, binary y*(1 - it) + it/2
    double delta = 1;  // huber: finite and > 0; errors up to it count squared, those beyond it by their size

    LossSpec(LossName loss, bool logits = false, double smoothing = 0)  // NOLINT
        : name(loss), from_logits(logits), label_smoothing(smoothing) {}
    LossSpec(const std::string& text);                           // NOLINT
    LossSpec(const char* text) : LossSpec(std::string(text)) {}  // NOLINT
    // Throws InvalidArgument when a number breaks a rule, in binary64 or in binary32, or does not belong to the loss.
    void validate() const;
};

// One loss for every output, or one an output.
struct Losses {
    std::vector<LossSpec> each;

    Losses(const LossSpec& loss) : each{loss} {}                       // NOLINT
    Losses(const std::string& name) : each{LossSpec(name)} {}          // NOLINT
    Losses(const char* name) : each{LossSpec(name)} {}                 // NOLINT
    Losses(std::vector<LossSpec> losses) : each(std::move(losses)) {}  // NOLINT
};

namespace losses {
inline LossSpec CategoricalCrossentropy(bool from_logits = false, double label_smoothing = 0) {
    return {LossName::categorical_crossentropy, from_logits, label_smoothing};
}
inline LossSpec SparseCategoricalCrossentropy(bool from_logits = false) {
    return {LossName::sparse_categorical_crossentropy, from_logits};
}
inline LossSpec BinaryCrossentropy(bool from_logits = false, double label_smoothing = 0) {
    return {LossName::binary_crossentropy, from_logits, label_smoothing};
}
inline LossSpec MeanSquaredError() { return {LossName::mean_squared_error}; }
inline LossSpec MeanAbsoluteError() { return {LossName::mean_absolute_error}; }
inline LossSpec Huber(double delta = 1) {
    LossSpec loss(LossName::huber);
    loss.delta = delta;
    return loss;
}
}  // namespace losses

inline bool takes_probabilities(LossName loss) { return loss <= LossName::binary_crossentropy; }
inline bool smooths_labels(LossName loss) {
    return loss == LossName::categorical_crossentropy || loss == LossName::binary_crossentropy;
}

// Keras's name: "sparse_categorical_crossentropy".
SAMEBITS_API std::string name_of(LossName loss);

}  // namespace samebits
