// Optimizers and learning rates as JSON text, for files, recipes and Python. Reading throws InvalidArgument, TypeMismatch,
// NotImplemented.
#pragma once

#include <string>

#include "samebits/train/optimizer_spec.h"

namespace samebits {

std::string optimizer_to_json(const OptimizerSpec& optimizer);
OptimizerSpec optimizer_from_json(const std::string& json);  // a name or {"type": "Adam", ...}
std::string learning_rate_to_json(const LearningRate& rate);
LearningRate learning_rate_from_json(const std::string& json);  // a number or {"type": "CosineDecay", ...}

}  // namespace samebits
