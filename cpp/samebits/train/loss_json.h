// Losses and metrics as JSON text, for files, recipes and Python. Reading throws InvalidArgument, TypeMismatch, NotImplemented.
#pragma once

#include <string>
#include <vector>

#include "samebits/train/loss_spec.h"
#include "samebits/train/metric_spec.h"

namespace samebits {

std::string loss_to_json(const LossSpec& loss);
LossSpec loss_from_json(const std::string& json);  // a name or {"type": "Huber", ...}
std::string losses_to_json(const Losses& losses);
Losses losses_from_json(const std::string& json);  // one, or a list of them

std::string metric_to_json(const MetricSpec& metric);  // its name alone where that says all
MetricSpec metric_from_json(const std::string& json);  // a name or {"type": "BinaryAccuracy", ...}
std::string metrics_to_json(const std::vector<MetricSpec>& metrics);
std::vector<MetricSpec> metrics_from_json(const std::string& json);  // a list

}  // namespace samebits
