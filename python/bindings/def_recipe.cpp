// Recipes, memory plans, the command line.
#include <pybind11/stl/filesystem.h>

#include "locked_model.h"
#include "samebits/cli/cli.h"

namespace samebits::python {
namespace {

using Overrides = std::vector<std::pair<std::string, std::string>>;

Recipe load(const std::filesystem::path& path, const Overrides& overrides) {
    Recipe recipe = Recipe::load(path);
    for (const auto& [key, value] : overrides) recipe = recipe.set(key, value);
    return recipe;
}

py::tuple train_recipe(const std::filesystem::path& path, const std::filesystem::path& out, const Overrides& overrides,
                       const Progress& progress) {
    const TrainOptions options{.verbose = level_of(progress), .hooks = hooks_of(progress), .out = out};
    std::unique_ptr<LockedModel> model;
    History history;
    Metrics test;
    std::string identity;
    {
        const py::gil_scoped_release without_gil;
        runtime::check_environment();
        const Recipe recipe = load(path, overrides);
        identity = recipe.identity();
        Run run = train(recipe, options);
        Sequential sequential;
        static_cast<Model&>(sequential) = std::move(run.model);
        model = std::make_unique<LockedModel>(std::move(sequential));
        history = std::move(run.history);
        test = std::move(run.test);
    }
    return py::make_tuple(std::move(model), history.epoch, history.series, test, identity);
}

void def_memory_plan(py::module_& m) {
    using Row = MemoryPlan::Row;
    py::class_<Row>(m, "MemoryPlanRow")
        .def_readonly("layer", &Row::layer)
        .def_readonly("weights", &Row::weights)
        .def_readonly("slots", &Row::slots)
        .def_readonly("forward", &Row::forward)
        .def_readonly("backward", &Row::backward)
        .def_readonly("workspace", &Row::workspace);
    py::class_<MemoryPlan>(m, "MemoryPlan")
        .def_readonly("batch_size", &MemoryPlan::batch_size)
        .def_readonly("rows", &MemoryPlan::rows)
        .def_readonly("phases", &MemoryPlan::phases)
        .def_readonly("weights", &MemoryPlan::weights)
        .def_readonly("slots", &MemoryPlan::slots)
        .def_readonly("arena", &MemoryPlan::arena)
        .def_readonly("data", &MemoryPlan::data)
        .def_readonly("peak_layer", &MemoryPlan::peak_layer)
        .def_readonly("peak_op", &MemoryPlan::peak_op)
        .def_readonly("isa", &MemoryPlan::isa)
        .def_property_readonly("peak", &MemoryPlan::peak)
        .def("__str__", [](const MemoryPlan& plan) { return to_string(plan); })
        .def("__repr__", [](const MemoryPlan& plan) { return to_string(plan); });
}

}  // namespace

void def_recipe(py::module_& m) {
    def_memory_plan(m);
    m.def("train", train_recipe, py::arg("path"), py::kw_only(), py::arg("out"), py::arg("overrides"), py::arg("progress"));
    m.def(
        "plan", [](const std::filesystem::path& path, const Overrides& overrides) { return plan(load(path, overrides)); },
        py::arg("path"), py::arg("overrides"), py::call_guard<py::gil_scoped_release>());
    m.def(
        "cli", [](const std::vector<std::string>& arguments) { return run_cli(arguments); }, py::arg("arguments"),
        py::call_guard<py::gil_scoped_release>());
}

}  // namespace samebits::python
