#include "samebits/base/view.h"

#include <utility>

namespace samebits {
namespace {

Shape row_major(const Shape& shape, std::int64_t item) {
    Shape strides(shape.size());
    for (std::size_t i = shape.size(); i-- > 0; item *= shape[i]) strides[i] = item;
    return strides;
}

}  // namespace

ArrayView::ArrayView(const void* first, DType type, Shape dims)
    : data(first), dtype(type), shape(std::move(dims)), strides(row_major(shape, static_cast<std::int64_t>(size_of(type)))) {}

ArrayView::ArrayView(const void* first, DType type, Shape dims, Shape byte_strides)
    : data(first), dtype(type), shape(std::move(dims)), strides(std::move(byte_strides)) {}

ArrayView::ArrayView(const Tensor& tensor) : ArrayView(tensor.data(), DType::float32, tensor.shape()) {}

ArrayView::ArrayView(std::span<const float> values)
    : ArrayView(values.data(), DType::float32, Shape{static_cast<std::int64_t>(values.size())}) {}

}  // namespace samebits
