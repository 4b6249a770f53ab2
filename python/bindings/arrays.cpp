// NumPy arrays in and out.
#include <memory>
#include <utility>

#include "bindings.h"
#include "samebits/base/check.h"

namespace samebits::python {
namespace {

DType dtype_of(const py::dtype& dtype) {
    const py::ssize_t size = dtype.itemsize();
    const char order = dtype.byteorder();
    if (order == '=' || order == '|') switch (dtype.kind()) {
            case 'b': return DType::boolean;
            case 'f':
                if (size == 4) return DType::float32;
                if (size == 8) return DType::float64;
                break;
            case 'i':
                if (size == 1) return DType::int8;
                if (size == 2) return DType::int16;
                return size == 4 ? DType::int32 : DType::int64;
            case 'u':
                if (size == 1) return DType::uint8;
                if (size == 2) return DType::uint16;
                return size == 4 ? DType::uint32 : DType::uint64;
            default: break;
        }
    fail<TypeMismatch>("[array] elements must be float32, float64, integers or bool; got {}; convert with astype",
                       py::cast<std::string>(py::str(dtype)));
}

}  // namespace

ArrayView view_of(const py::array& array) {
    const auto dims = static_cast<std::size_t>(array.ndim());
    return {array.data(), dtype_of(array.dtype()), Shape(array.shape(), array.shape() + dims),
            Shape(array.strides(), array.strides() + dims)};
}

py::array_t<float> as_numpy(Tensor tensor) {
    auto held = std::make_unique<Tensor>(std::move(tensor));
    const py::capsule owner(held.get(), [](void* it) { delete static_cast<Tensor*>(it); });
    const Tensor& kept = *held.release();
    return py::array_t<float>(kept.shape(), kept.data(), owner);
}

py::array_t<float> copy_to_numpy(const Tensor& tensor) { return py::array_t<float>(tensor.shape(), tensor.data()); }

py::tuple as_tuple(const Shape& shape) { return py::tuple(py::cast(shape)); }

}  // namespace samebits::python
