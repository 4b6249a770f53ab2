// Data sets that the library carries.
#include "bindings.h"

namespace samebits::python {
namespace {

// A copy that belongs to the caller.
py::array_t<std::uint8_t> copy(const ArrayView& view) {
    return py::array_t<std::uint8_t>(view.shape, view.strides, static_cast<const std::uint8_t*>(view.data));
}

py::tuple digits() {
    const Digits d = load_digits();
    return py::make_tuple(copy(d.x_train), copy(d.y_train), copy(d.x_test), copy(d.y_test));
}

}  // namespace

void def_data(py::module_& m) { m.def("load_digits", digits); }

}  // namespace samebits::python
