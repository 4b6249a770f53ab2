// What a run says of itself: numbers by name, in the order in which they are printed.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "samebits/base/api.h"

namespace samebits {

// {"loss", 0.31}, {"accuracy", 0.9}
using Metrics = std::vector<std::pair<std::string, double>>;

// Replaces the number of this name, or adds it at the end.
SAMEBITS_API void set(Metrics& metrics, const std::string& name, double value);

struct SAMEBITS_API History {
    std::vector<std::int64_t> epoch;  // epoch numbers, from 0
    std::vector<std::pair<std::string, std::vector<double>>>
        series;  // "loss", "accuracy", "val_loss", "val_accuracy": one value an epoch

    // Throws IndexOutOfRange when there is no such series.
    [[nodiscard]] const std::vector<double>& operator[](const std::string& name) const;
};

}  // namespace samebits
