// A model's architecture, compile arguments and counters as JSON text, for files and to_json().
#pragma once

#include <string>

#include "samebits/train/model_impl.h"
#include "samebits/train/optimizer_json.h"

namespace samebits {

// {"class_name", "name", "seed", "profile", "input_shape", "layers": [...]}
std::string architecture_json(ModelImpl& model);
// The metadata of save(): architecture, weights' names in order, compile arguments, counters.
std::string state_json(ModelImpl& model);

// Throws InvalidArgument when the text is not such a JSON, NotImplemented for another profile.
std::unique_ptr<ModelImpl> model_from_architecture(const std::string& json);
// A built and, if it was, compiled model with its counters; weights and slots still to be filled. Refuses a description
// of more than `parameters` (what the file holds) before any weight is allocated.
std::unique_ptr<ModelImpl> model_from_state(const std::string& json, std::int64_t parameters);
std::vector<std::string> weight_names_of_state(const std::string& json);

}  // namespace samebits
