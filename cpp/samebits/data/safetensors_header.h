// The JSON header of a safetensors file. Internal header of data/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "samebits/base/shape.h"
#include "samebits/data/file.h"

namespace samebits {

struct SafetensorsHeader {
    struct Entry {
        std::string name;
        std::string dtype;
        Shape shape;
        std::vector<std::int64_t> offsets;  // begin and end in the data
        std::size_t byte;                   // of the file, at which its name stands
    };
    std::vector<Entry> tensors;
    std::map<std::string, std::string> metadata;
};

// Takes the header only if it is {"name": {"dtype": text, "shape": [...], "data_offsets": [begin, end]}, ...,
// "__metadata__": {text: text, ...}}, each key once. Throws IoError by way of `file`. Memory is bounded by the text's size;
// no recursion. What the numbers mean together is for the caller to check.
SafetensorsHeader parse_safetensors_header(const std::string& text, const InputFile& file);

}  // namespace samebits
