// samebits._core: the C++ library as the package's Python files see it.
#include "bindings.h"

PYBIND11_MODULE(_core, m) {
    using namespace samebits::python;
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
