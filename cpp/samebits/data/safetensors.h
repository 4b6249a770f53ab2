// The safetensors format: 8 bytes little-endian header length, a JSON header, the tensors without gaps.
// https://huggingface.co/docs/safetensors
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "samebits/base/tensor.h"

namespace samebits {

struct SafetensorsFile {
    struct Entry {
        std::string name;
        Tensor tensor;
    };
    std::vector<Entry> tensors;                   // in the order of their bytes in the file
    std::map<std::string, std::string> metadata;  // the header's "__metadata__"
};

// The file is replaced whole or not at all; equal contents give equal bytes. Tensors are written as F32 in their order, the
// header padded with blanks to a multiple of 8. Throws InvalidArgument for two tensors of one name, the name "__metadata__"
// and texts that are not UTF-8, IoError for what the system refuses.
void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& content);

// Throws IoError, which names the file and what is wrong, for anything that is not such a file: too short or too long, a
// header over 100 MB, unknown, repeated or missing keys, tensors that overlap, leave holes or do not fit their shape, other
// types than F32. Everything is checked before a tensor is allocated.
SafetensorsFile read_safetensors(const std::filesystem::path& path);

}  // namespace samebits
