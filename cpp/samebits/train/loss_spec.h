// The losses and their arguments, with Keras's names and defaults.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace samebits {

enum class LossName : std::uint8_t {
    categorical_crossentropy,
    sparse_categorical_crossentropy,
    binary_crossentropy,
    mean_squared_error
};

// By name ("categorical_crossentropy", "CategoricalCrossentropy", "mse", ...) or in full. from_logits: the model's output is
// logits, not probabilities. Throws InvalidArgument (unknown, with the nearest) or NotImplemented (Keras's, not ours yet).
struct LossSpec {
    LossName name;
    bool from_logits = false;

    LossSpec(LossName loss, bool logits = false) : name(loss), from_logits(logits) {}  // NOLINT
    LossSpec(const std::string& text);                                                 // NOLINT
    LossSpec(const char* text) : LossSpec(std::string(text)) {}                        // NOLINT
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
inline LossSpec CategoricalCrossentropy(bool from_logits = false) { return {LossName::categorical_crossentropy, from_logits}; }
inline LossSpec SparseCategoricalCrossentropy(bool from_logits = false) {
    return {LossName::sparse_categorical_crossentropy, from_logits};
}
inline LossSpec BinaryCrossentropy(bool from_logits = false) { return {LossName::binary_crossentropy, from_logits}; }
inline LossSpec MeanSquaredError() { return {LossName::mean_squared_error}; }
}  // namespace losses

// Keras's name: "sparse_categorical_crossentropy".
std::string name_of(LossName loss);

}  // namespace samebits
