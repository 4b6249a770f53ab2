// Layers by name: their arguments as JSON text, for recipes, files and Python. The text is one object,
// {"type": "Dense", "units": 10, ...}; arguments left out have the defaults of the structs in graph/layers/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "samebits/graph/layer.h"

namespace samebits {

// Every argument, defaults filled in.
std::string to_json(const Layer& layer);

// Throws InvalidArgument (unknown type or argument with the nearest, a rule broken), TypeMismatch (wrong type) or
// NotImplemented (what Keras has and samebits has not yet).
Layer layer_from_json(std::string_view json);

// "Activation", "Conv2D", ...
std::vector<std::string_view> known_layers();

}  // namespace samebits
