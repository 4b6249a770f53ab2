// The binary files of CIFAR-10 and CIFAR-100 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009;
// cs.toronto.edu/~kriz/cifar.html): records of one label byte (CIFAR-100: coarse, then fine) and 3,072 bytes of an image of
// 32 x 32 pixels, all of red, then green, then blue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/memory.h"
#include "samebits/base/view.h"

namespace samebits {

enum class Cifar : std::uint8_t {
    ten,             // CIFAR-10, labels 0 to 9
    hundred_fine,    // CIFAR-100, labels 0 to 99
    hundred_coarse,  // CIFAR-100 by its 20 superclasses, labels 0 to 19
};

// Images and labels that own their memory.
struct CifarImages {
    std::int64_t count = 0;
    Buffer pixels;
    Buffer labels;

    [[nodiscard]] ArrayView x() const { return {pixels.data(), DType::uint8, {count, 32, 32, 3}}; }  // red, green, blue
    [[nodiscard]] ArrayView y() const { return {labels.data(), DType::uint8, {count}}; }
};

// The records of all files, one file after the other. Throws IoError, which names the file, when one is missing, packed, not a
// whole number of records (at least one), or has a label of another kind; InvalidArgument when there are no paths.
SAMEBITS_API CifarImages read_cifar(const std::vector<std::filesystem::path>& paths, Cifar kind);

}  // namespace samebits
