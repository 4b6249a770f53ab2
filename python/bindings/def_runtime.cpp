// Threads, instruction sets, memory; what this process runs on.

#include "bindings.h"
#include "samebits/base/check.h"

namespace samebits::python {
namespace {

std::optional<MemoryMode> memory_mode_of(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    require(*text == "grow" || *text == "preallocate",
            "[runtime] memory must be \"grow\" or \"preallocate\"; got memory=\"{}\"; choose one of them", *text);
    return *text == "grow" ? MemoryMode::grow : MemoryMode::preallocate;
}

void configure(std::optional<int> threads, std::optional<std::string> isa, std::optional<std::string> device,
               std::optional<std::string> engine, const std::optional<std::string>& memory,
               std::optional<std::size_t> memory_limit) {
    const runtime::Options options{.threads = threads,
                                   .isa = std::move(isa),
                                   .device = std::move(device),
                                   .engine = std::move(engine),
                                   .memory = memory_mode_of(memory),
                                   .memory_limit = memory_limit};
    const py::gil_scoped_release without_gil;  // waits for running work
    runtime::configure(options);
}

py::list devices() {
    py::list list;
    for (const runtime::Device& device : runtime::devices()) list.append(py::make_tuple(device.name, device.description));
    return list;
}

py::tuple memory() {
    const MemoryStats stats = memory_stats();
    return py::make_tuple(stats.used, stats.peak, stats.limit, stats.reserved);
}

}  // namespace

void def_runtime(py::module_& m) {
    m.def("configure", configure, py::kw_only(), py::arg("threads"), py::arg("isa"), py::arg("device"), py::arg("engine"),
          py::arg("memory"), py::arg("memory_limit"));
    m.def("devices", devices);
    m.def("info", runtime::info);
    m.def("memory", memory);
    m.def("reset_memory_peak", reset_memory_peak);
    m.def("parse_bytes", parse_bytes);
}

}  // namespace samebits::python
