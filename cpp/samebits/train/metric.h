// Metrics at work: chosen by the shapes of targets and predictions as Keras chooses them, counted in whole numbers or float64.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "samebits/train/history.h"
#include "samebits/train/metric_spec.h"

namespace samebits {

// The same metrics, "accuracy" by shapes. sparse: the targets are labels. Throws InvalidArgument for one that the targets
// cannot feed, or two of one name.
std::vector<MetricSpec> choose_metrics(const std::vector<MetricSpec>& metrics, bool sparse, std::int64_t classes);

// What is kept of one output: its name, when there are several, and its metrics.
struct OutputMetrics {
    std::string prefix;  // "head_" when the model has several outputs, else ""
    std::vector<MetricSpec> metrics;
};

// Running sums since a reset: float64 for losses and errors, whole numbers for accuracy; in step order (the law, section 4).
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
    struct Sum {
        std::size_t output;
        MetricSpec metric;  // name with its prefix
        std::int64_t right = 0;
        double error = 0;
        std::int64_t all = 0;
    };
    double loss_total_ = 0;
    std::vector<std::pair<std::string, double>> output_losses_;  // with several outputs: name and total
    std::int64_t samples_ = 0;
    std::vector<Sum> sums_;
};

}  // namespace samebits
