// samebits._core: the C++ library as the package's Python files see it.
#include "bindings.h"

namespace {

// A second copy would have threads, a memory limit and classes of its own, and which of them a model has could not be seen.
void refuse_a_second(const py::module_& m) {
    const auto process = py::reinterpret_borrow<py::dict>(PyInterpreterState_GetDict(PyInterpreterState_Get()));
    const py::str self = py::str("{} of {}").format(samebits::version, m.attr("__file__"));
    const py::object other = process.attr("setdefault")("samebits._core", self);
    if (other.is(self)) return;
    throw py::import_error(py::str("[samebits] one process can hold one samebits; got {} and {}; restart Python, or take one "
                                   "of them from sys.path")
                               .format(other, self));
}

}  // namespace

PYBIND11_MODULE(_core, m) {
    using namespace samebits::python;
    refuse_a_second(m);
    m.doc() = "The C++ library behind samebits. Private: use the names of the package.";
    m.attr("version") = samebits::version;
    m.attr("profile") = samebits::profile;
    def_errors(m);
    def_runtime(m);
    def_data(m);
    def_layers(m);
    def_model(m);
    def_recipe(m);
}
