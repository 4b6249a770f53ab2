// The library's exceptions as Python's.
#include <cstring>

#include "bindings.h"

namespace samebits::python {
namespace {

// Types live as long as the module, which lives as long as the process.
PyObject* run_failed_type = nullptr;
PyObject* non_finite_type = nullptr;

PyObject* new_exception(py::module_& m, const char* name, PyObject* base, const char* doc) {
    const std::string qualified = std::string("samebits.") + name;
    PyObject* type = PyErr_NewExceptionWithDoc(qualified.c_str(), doc, base, nullptr);
    if (type == nullptr) throw py::error_already_set();
    m.add_object(name, py::handle(type));
    return type;
}

// A message may quote a file name that is no UTF-8.
void raise(PyObject* type, const char* what) {
    PyObject* text = PyUnicode_DecodeUTF8(what, static_cast<Py_ssize_t>(std::strlen(what)), "surrogateescape");
    if (text == nullptr) return;
    PyErr_SetObject(type, text);
    Py_DECREF(text);
}

void translate(std::exception_ptr pointer) {  // NOLINT: pybind11's signature
    try {
        std::rethrow_exception(std::move(pointer));
    } catch (const InvalidArgument& e) {
        raise(PyExc_ValueError, e.what());
    } catch (const TypeMismatch& e) {
        raise(PyExc_TypeError, e.what());
    } catch (const IndexOutOfRange& e) {
        raise(PyExc_IndexError, e.what());
    } catch (const IoError& e) {
        raise(PyExc_OSError, e.what());
    } catch (const NotImplemented& e) {
        raise(PyExc_NotImplementedError, e.what());
    } catch (const NonFinite& e) {
        raise(non_finite_type, e.what());
    } catch (const RunFailed& e) {
        raise(run_failed_type, e.what());
    } catch (const OutOfMemory& e) {
        raise(PyExc_MemoryError, e.what());
    } catch (const Interrupted& e) {
        raise(PyExc_KeyboardInterrupt, e.what());
    } catch (const Error& e) {
        raise(PyExc_RuntimeError, e.what());
    }
}

}  // namespace

void def_errors(py::module_& m) {
    run_failed_type =
        new_exception(m, "RunFailedError", PyExc_RuntimeError, "A run went wrong although nothing that was asked was wrong.");
    non_finite_type = new_exception(m, "NonFiniteError", run_failed_type,
                                    "A loss, gradient, weight or optimizer slot became NaN or infinite.");
    py::register_local_exception_translator(translate);
}

}  // namespace samebits::python
