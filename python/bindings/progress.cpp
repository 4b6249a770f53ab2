// What a running training asks of Python.
#include <chrono>
#include <thread>

#include "bindings.h"

namespace samebits::python {
namespace {

using Clock = std::chrono::steady_clock;

bool interpreter_is_ending() {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing() != 0;
#else
    return _Py_IsFinalizing() != 0;
#endif
}

// A daemon thread that trains while the interpreter ends must not touch it again, nor unwind through C++ (CPython would end
// the thread inside a destructor, and that ends the process with std::terminate): it waits here for the process to end.
void wait_if_ending() {
    while (interpreter_is_ending()) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace

Verbose level_of(const Progress& progress) {
    switch (std::get<int>(progress)) {
        case 0: return Verbose::silent;
        case 1: return Verbose::one_line;
        case 2: return Verbose::per_epoch;
        default: return Verbose::automatic;
    }
}

RunHooks hooks_of(const Progress& progress) {
    RunHooks hooks;
    hooks.print = [print = py::handle(std::get<py::object>(progress))](const std::string& text) {
        wait_if_ending();
        const py::gil_scoped_acquire with_gil;
        if (!print.is_none()) print(text);
    };
    hooks.is_terminal = [terminal = std::get<bool>(progress)] { return terminal; };
    hooks.interrupted = [last = Clock::now()]() mutable {
        const Clock::time_point now = Clock::now();
        if (now - last < std::chrono::milliseconds(50)) return false;
        last = now;
        wait_if_ending();
        const py::gil_scoped_acquire with_gil;
        if (PyErr_CheckSignals() != 0) throw py::error_already_set();
        return false;
    };
    return hooks;
}

}  // namespace samebits::python
