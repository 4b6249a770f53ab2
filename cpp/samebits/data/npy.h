// NumPy's .npy files (format: numpy.lib.format), versions 1.0, 2.0 and 3.0, little-endian.
#pragma once

#include <filesystem>

#include "samebits/base/api.h"
#include "samebits/base/dtype.h"
#include "samebits/base/memory.h"
#include "samebits/base/shape.h"
#include "samebits/base/tensor.h"
#include "samebits/base/view.h"

namespace samebits {

// An array that owns its memory.
struct NpyArray {
    DType dtype = DType::float32;
    Shape shape;
    Shape strides;  // in bytes; Fortran order has the smallest first
    Buffer buffer;

    [[nodiscard]] ArrayView view() const { return {buffer.data(), dtype, shape, strides}; }
};

// float32/64, int8 ... int64, uint8 ... uint64 and bool, C or Fortran order. Throws IoError, which names the file, when it
// is missing, is no .npy file, is shorter or longer than its shape says, or holds another type (complex, text, objects).
SAMEBITS_API NpyArray read_npy(const std::filesystem::path& path);

// Version 1.0, '<f4', C order. The file is replaced whole or not at all. Throws IoError.
SAMEBITS_API void write_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace samebits
