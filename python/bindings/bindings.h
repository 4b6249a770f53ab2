// What the parts of samebits._core share. The module is private: the package's Python files are its only callers, check
// the types of what they pass, and put Keras's names on it.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <tuple>

#include "samebits/samebits.h"

namespace samebits::python {

namespace py = pybind11;

void def_errors(py::module_& m);
void def_runtime(py::module_& m);
void def_data(py::module_& m);
void def_layers(py::module_& m);
void def_model(py::module_& m);
void def_recipe(py::module_& m);

// The array's memory, not copied; valid while the array lives. Throws TypeMismatch for an element type other than the
// native-endian ones of DType.
ArrayView view_of(const py::array& array);
// An array over the tensor's memory, which lives as long as the array.
py::array_t<float> as_numpy(Tensor tensor);
// An array with memory of its own, taken by NumPy.
py::array_t<float> copy_to_numpy(const Tensor& tensor);
py::tuple as_tuple(const Shape& shape);

// How a run's progress reaches Python: verbose (-1 "auto", 0, 1, 2: Keras's), print (takes a piece of text; None: silent) and
// whether print's target rewrites lines on "\r".
using Progress = std::tuple<int, py::object, bool>;

Verbose level_of(const Progress& progress);
// Called without the GIL; print takes it. Between steps, at most every 50 ms, pending signals are handled, so that Ctrl-C
// raises KeyboardInterrupt. `progress` must outlive the hooks.
RunHooks hooks_of(const Progress& progress);

}  // namespace samebits::python
