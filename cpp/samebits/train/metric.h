// Accuracy, chosen by the shapes of targets and predictions as Keras chooses it, counted in whole numbers.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "samebits/train/history.h"

namespace samebits {

enum class AccuracyKind : std::uint8_t {
    binary,       // prediction > 0.5 equals the target
    categorical,  // first maximum of the prediction = first maximum of the target
    sparse,       // first maximum of the prediction = the label
};

struct MetricSpec {
    std::string name;  // as asked for: the name in History
    AccuracyKind kind;
};

// "accuracy"/"acc" by shapes, or one by name. sparse: the targets are labels. Throws InvalidArgument (unknown, or one that
// the targets cannot feed) or NotImplemented (Keras's, not ours yet).
std::vector<MetricSpec> choose_metrics(const std::vector<std::string>& names, bool sparse, std::int64_t classes);
// The names alone, for compile().
void check_metric_names(const std::vector<std::string>& names);

// What is kept of one output: its name, when there are several, and its metrics.
struct OutputMetrics {
    std::string prefix;  // "head_" when the model has several outputs, else ""
    std::vector<MetricSpec> metrics;
};

// Running sums since a reset: float64 for the losses, whole numbers for accuracy; in step order (the law, section 4).
class MetricSums {
public:
    void reset(const std::vector<OutputMetrics>& outputs);
    // The whole loss of a step, and that of each output when there are several.
    void add_loss(float loss, std::span<const float> output_losses, std::int64_t samples);
    // Of output number `output`: prediction (rows, classes); target (rows, classes) or label (rows).
    void add_predictions(std::size_t output, std::int64_t rows, std::int64_t classes, const float* prediction,
                         const float* target, const std::int32_t* label);
    // {"loss", ...}; with several outputs {"<output>_loss", ...}; then the metrics. 0 while nothing was added.
    [[nodiscard]] Metrics result() const;

private:
    struct Count {
        std::size_t output;
        std::string name;  // with its prefix
        AccuracyKind kind;
        std::int64_t right = 0;
        std::int64_t all = 0;
    };
    double loss_total_ = 0;
    std::vector<std::pair<std::string, double>> output_losses_;  // with several outputs: name and total
    std::int64_t samples_ = 0;
    std::vector<Count> counts_;
};

}  // namespace samebits
