// Layers, optimizers and losses as values.
#include <pybind11/stl.h>

#include "bindings.h"
#include "samebits/base/check.h"
#include "samebits/graph/layer_config.h"

namespace samebits::python {
namespace {

OptimizerSpec checked(const OptimizerSpec& spec) {
    spec.validate();
    return spec;
}

py::dict config_of(const OptimizerSpec& spec) {
    using namespace py::literals;
    if (const auto* sgd = std::get_if<optimizers::SGD>(&spec.value()))
        return py::dict("name"_a = "SGD", "learning_rate"_a = sgd->learning_rate, "momentum"_a = sgd->momentum,
                        "nesterov"_a = sgd->nesterov);
    const auto& adam = std::get<optimizers::Adam>(spec.value());
    return py::dict("name"_a = "Adam", "learning_rate"_a = adam.learning_rate, "beta_1"_a = adam.beta_1,
                    "beta_2"_a = adam.beta_2, "epsilon"_a = adam.epsilon);
}

}  // namespace

void def_layers(py::module_& m) {
    py::class_<Layer>(m, "Layer")
        .def(py::init([](const std::string& json) { return layer_from_json(json); }), py::arg("json"))
        .def_property_readonly("type", &Layer::type)
        .def_property_readonly("name", &Layer::name)
        .def("to_json", [](const Layer& layer) { return to_json(layer); });
    m.def(
        "check_layer",
        [](const Layer& layer, const Shape& input_shape, std::int64_t batch, std::uint64_t seed) {
            const py::gil_scoped_release without_gil;
            check_layer(layer, input_shape, {.batch = batch, .seed = seed});
        },
        py::arg("layer"), py::arg("input_shape"), py::arg("batch"), py::arg("seed"));

    py::class_<OptimizerSpec>(m, "Optimizer")
        .def(py::init([](const std::string& name) { return OptimizerSpec(name); }), py::arg("name"))
        .def_static(
            "sgd",
            [](double learning_rate, double momentum, bool nesterov) {
                return checked(optimizers::SGD{.learning_rate = learning_rate, .momentum = momentum, .nesterov = nesterov});
            },
            py::arg("learning_rate"), py::arg("momentum"), py::arg("nesterov"))
        .def_static(
            "adam",
            [](double learning_rate, double beta_1, double beta_2, double epsilon) {
                return checked(
                    optimizers::Adam{.learning_rate = learning_rate, .beta_1 = beta_1, .beta_2 = beta_2, .epsilon = epsilon});
            },
            py::arg("learning_rate"), py::arg("beta_1"), py::arg("beta_2"), py::arg("epsilon"))
        .def_property_readonly("config", config_of);

    py::class_<LossSpec>(m, "Loss")
        .def(py::init([](const std::string& name, bool from_logits) {
                 LossSpec loss(name);
                 loss.from_logits = from_logits;
                 return loss;
             }),
             py::arg("name"), py::arg("from_logits") = false)
        .def_property_readonly("name", [](const LossSpec& loss) { return name_of(loss.name); })
        .def_readonly("from_logits", &LossSpec::from_logits);
}

}  // namespace samebits::python
