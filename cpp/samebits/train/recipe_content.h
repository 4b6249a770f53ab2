// What a recipe says, read and checked. Internal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "samebits/data/cifar.h"
#include "samebits/train/metric_spec.h"
#include "samebits/train/recipe.h"

namespace samebits {

// A TOML text as JSON text, and the line each value stands on, by JSON pointer ("/train/epochs").
struct TomlText {
    std::string json;
    std::map<std::string, int> lines;
};
// Throws InvalidArgument with `file` and line for text that is not TOML.
TomlText read_toml(const std::string& text, const std::string& file);

enum class DataSource : std::uint8_t { digits, npy, csv, idx, cifar };

struct DataSpec {
    DataSource source = DataSource::digits;
    std::filesystem::path x, y;                         // idx; csv: x only
    std::vector<std::filesystem::path> paths, y_paths;  // npy: an array an input, an array an output; cifar: paths only
    Cifar cifar = Cifar::ten;
    bool header = false;     // csv
    std::int64_t label = 0;  // csv: its column
    Shape shape;             // of one sample; empty: as in the file
    double divide = 1;       // in float32
    double validation_split = 0;
};

// The layers of a recipe: a chain, or calls between inputs and outputs.
struct RecipeModel {
    std::vector<Layer> chain;
    std::vector<Symbol> inputs, outputs;  // none: a chain
    std::string json;                     // canonical
};

struct Recipe::Content {
    std::string file;  // as errors name it
    std::filesystem::path directory;
    TomlText toml;          // as read, for set()
    std::string canonical;  // sorted-key JSON, defaults filled in
    std::uint64_t seed = 0;
    DataSpec data;
    RecipeModel model;
    std::string optimizer, loss;  // JSON
    std::vector<double> loss_weights;
    std::vector<MetricSpec> metrics;
    std::vector<std::vector<MetricSpec>> output_metrics;
    std::vector<std::string> callbacks;  // JSON
    std::int64_t epochs = 1;
    std::int64_t batch_size = 32;
    bool shuffle = true;
};

}  // namespace samebits
