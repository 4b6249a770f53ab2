// The data a recipe names, read: arrays of samples with the recipe's shape. Internal.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "samebits/train/recipe_content.h"
#include "samebits/train/targets.h"

namespace samebits {

struct RecipeData {
    Samples samples;
    std::optional<Samples> test;  // sources with a test part: digits
    std::size_t bytes = 0;        // held by the files' contents
    std::shared_ptr<void> owner;  // of that memory
};

// Throws IoError or InvalidArgument, which name the file.
RecipeData read_data(const Recipe::Content& recipe);

}  // namespace samebits
