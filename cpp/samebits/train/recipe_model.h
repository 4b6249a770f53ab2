// The [model] table of a recipe. Internal.
#pragma once

#include <string>

#include "samebits/train/recipe_table.h"

namespace samebits {

// layers: one after the other; or, where one of them has `inputs` (names of layers before it) or `call` (a layer before it,
// used again), or the table has `outputs` (names; default: the last), a graph. Throws with file and line.
RecipeModel read_model(RecipeTable table);
// A chain's layers on samples of this shape: what cannot take its input is refused with file and line.
void check_chain(const Recipe::Content& recipe, const Shape& sample);
inline const std::string& model_to_json(const RecipeModel& model) { return model.json; }

}  // namespace samebits
