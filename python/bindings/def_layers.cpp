// Layers, optimizers and losses as values.

#include "bindings.h"
#include "samebits/base/names.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/symbol.h"
#include "samebits/train/loss_json.h"
#include "samebits/train/model_json.h"

namespace samebits::python {
namespace {

std::string hint(const std::string& name, const std::vector<std::string>& known) {
    return did_you_mean(name, std::vector<std::string_view>(known.begin(), known.end()));
}

}  // namespace

void def_layers(py::module_& m) {
    py::class_<Symbol>(m, "Symbol")
        .def_property_readonly("shape", [](const Symbol& symbol) { return as_tuple(symbol.shape()); })
        .def_property_readonly("layer", [](const Symbol& symbol) { return symbol.node().layer; })
        .def_property_readonly("inputs", [](const Symbol& symbol) { return symbol.node().inputs; });
    m.def(
        "input", [](const Layer& layer) { return Input(layer); }, py::arg("layer"));
    py::class_<Layer>(m, "Layer")
        .def(py::init([](const std::string& json) { return layer_from_json(json); }), py::arg("json"))
        .def_property_readonly("type", &Layer::type)
        .def_property_readonly("name", &Layer::name)
        // Layers that are one layer, copies included, have one key.
        .def_property_readonly("key", [](const Layer& layer) { return reinterpret_cast<std::uintptr_t>(&layer.impl()); })
        .def(
            "__call__", [](const Layer& layer, const std::vector<Symbol>& inputs) { return layer(inputs); }, py::arg("inputs"))
        .def("to_json", [](const Layer& layer) { return to_json(layer); });
    m.def(
        "check_layer",
        [](const Layer& layer, const Shape& input_shape, std::int64_t batch, std::uint64_t seed) {
            const py::gil_scoped_release without_gil;
            check_layer(layer, input_shape, {.batch = batch, .seed = seed});
        },
        py::arg("layer"), py::arg("input_shape"), py::arg("batch"), py::arg("seed"));

    py::class_<OptimizerSpec>(m, "Optimizer")
        .def(py::init([](const std::string& json) { return optimizer_from_json(json); }), py::arg("json"))
        .def("to_json", [](const OptimizerSpec& optimizer) { return optimizer_to_json(optimizer); });
    py::class_<LearningRate>(m, "LearningRate")
        .def(py::init([](const std::string& json) { return learning_rate_from_json(json); }), py::arg("json"))
        .def("to_json", [](const LearningRate& rate) { return learning_rate_to_json(rate); })
        .def("at", &LearningRate::at, py::arg("iterations"));
    py::class_<LossSpec>(m, "Loss")
        .def(py::init([](const std::string& json) { return loss_from_json(json); }), py::arg("json"))
        .def("to_json", [](const LossSpec& loss) { return loss_to_json(loss); });
    m.def(
        "check_metric", [](const std::string& json) { metric_from_json(json); }, py::arg("json"));
    m.def("did_you_mean", hint, py::arg("name"), py::arg("known"));
}

}  // namespace samebits::python
