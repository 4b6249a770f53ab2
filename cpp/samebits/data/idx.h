// IDX files, the format of MNIST's images and labels (Y. LeCun, C. Cortes, C. Burges, yann.lecun.com/exdb/mnist): two zero
// bytes, a byte for the type, one for the number of dimensions, a big-endian uint32 for each, then the elements in C order,
// big endian.
#pragma once

#include <filesystem>

#include "samebits/base/api.h"
#include "samebits/base/dtype.h"
#include "samebits/base/memory.h"
#include "samebits/base/shape.h"
#include "samebits/base/view.h"

namespace samebits {

// An array that owns its memory: C order, the machine's byte order.
struct IdxArray {
    DType dtype = DType::uint8;
    Shape shape;
    Buffer buffer;

    [[nodiscard]] ArrayView view() const { return {buffer.data(), dtype, shape}; }
};

// uint8 (type 0x08), int8 (0x09), int16 (0x0B), int32 (0x0C), float32 (0x0D) or float64 (0x0E), 1 to 32 dimensions.
// Throws IoError, which names the file, when it is missing, packed with gzip, no IDX file, or shorter or longer than its
// dimensions say; nothing is allocated before that is known.
SAMEBITS_API IdxArray read_idx(const std::filesystem::path& path);

}  // namespace samebits
