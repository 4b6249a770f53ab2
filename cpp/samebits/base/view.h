// A read-only look at an array somebody else owns: any element type, any strides (negative and zero too).
#pragma once

#include <cstdint>
#include <span>

#include "samebits/base/api.h"
#include "samebits/base/dtype.h"
#include "samebits/base/shape.h"
#include "samebits/base/tensor.h"

namespace samebits {

struct SAMEBITS_API ArrayView {
    const void* data = nullptr;  // the first element
    DType dtype = DType::float32;
    Shape shape;
    Shape strides;  // in bytes, one per dimension

    ArrayView() = default;
    // Row-major (C order), no gaps.
    ArrayView(const void* first, DType type, Shape dims);
    ArrayView(const void* first, DType type, Shape dims, Shape byte_strides);
    ArrayView(const Tensor& tensor);  // NOLINT: a tensor may be passed wherever an array is read
    // One dimension.
    ArrayView(std::span<const float> values);  // NOLINT

    [[nodiscard]] std::int64_t length() const { return shape.empty() ? 0 : shape[0]; }
    // Shape without the first dimension.
    [[nodiscard]] Shape sample_shape() const { return shape.empty() ? Shape{} : Shape(shape.begin() + 1, shape.end()); }
};

}  // namespace samebits
