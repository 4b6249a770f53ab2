// Data sets that the library carries, readers of files, and the random numbers of samebits.data.
#include <pybind11/stl/filesystem.h>

#include <string>

#include "bindings.h"
#include "samebits/base/stream.h"
#include "samebits/numerics/random.h"

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

// An array over memory that `owner` keeps.
py::array array_of(const ArrayView& view, const py::capsule& owner) {
    return py::array(py::dtype(std::string(name_of(view.dtype))), view.shape, view.strides, view.data, owner);
}

template <class T>
py::capsule keep(std::unique_ptr<T> value) {
    return py::capsule(value.release(), [](void* held) { delete static_cast<T*>(held); });
}

py::array idx(const std::filesystem::path& path) {
    std::unique_ptr<IdxArray> array;
    {
        const py::gil_scoped_release without_gil;
        array = std::make_unique<IdxArray>(read_idx(path));
    }
    const ArrayView view = array->view();
    return array_of(view, keep(std::move(array)));
}

// kind: a place in Cifar.
py::tuple cifar(const std::vector<std::filesystem::path>& paths, int kind) {
    std::unique_ptr<CifarImages> images;
    {
        const py::gil_scoped_release without_gil;
        images = std::make_unique<CifarImages>(read_cifar(paths, static_cast<Cifar>(kind)));
    }
    const ArrayView x = images->x();
    const ArrayView y = images->y();
    const py::capsule owner = keep(std::move(images));
    return py::make_tuple(array_of(x, owner), array_of(y, owner));
}

// Picks first ... first + count - 1 of one pass.
std::vector<std::uint64_t> picks(std::uint64_t seed, const std::string& name, std::uint32_t pass, std::uint64_t first,
                                 std::size_t count) {
    const std::uint32_t stream = stream_of("shuffle", name);
    std::vector<std::uint64_t> numbers(count);
    for (std::uint64_t& number : numbers) number = numerics::shuffle_pick(seed, stream, first++, pass);
    return numbers;
}

}  // namespace

void def_data(py::module_& m) {
    m.def("load_digits", digits);
    m.def("read_idx", idx, py::arg("path"));
    m.def("read_cifar", cifar, py::arg("paths"), py::arg("kind"));
    m.def("shuffle_picks", picks, py::arg("seed"), py::arg("name"), py::arg("pass_number"), py::arg("first"), py::arg("count"));
    m.def("random_seed", [] { return Sequential().seed(); });
}

}  // namespace samebits::python
