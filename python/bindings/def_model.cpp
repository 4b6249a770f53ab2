// Models: make, build, compile, train, look, save.
#include <pybind11/stl/filesystem.h>

#include "locked_model.h"

namespace samebits::python {
namespace {

using Path = std::filesystem::path;
using Arrays = std::pair<py::array, py::array>;

std::unique_ptr<LockedModel> make(const std::vector<Layer>& layers, const std::string& name,
                                  std::optional<std::uint64_t> seed) {
    runtime::check_environment();
    return std::make_unique<LockedModel>(Sequential(layers, {.seed = seed, .name = name}));
}

// What a file or a text describes: Sequential adds no members, so its Model can be replaced.
template <class F>
std::unique_ptr<LockedModel> made_by(F&& make_model) {
    const py::gil_scoped_release without_gil;
    runtime::check_environment();
    Sequential model;
    static_cast<Model&>(model) = make_model();
    return std::make_unique<LockedModel>(std::move(model));
}

void compile(LockedModel& self, const OptimizerSpec& optimizer, const LossSpec& loss, const std::vector<std::string>& metrics) {
    self.use([&](Model& model) { model.compile({.optimizer = optimizer, .loss = loss, .metrics = metrics}); });
}

py::object compile_options(LockedModel& self) {
    const auto options = self.use([](Model& model) { return model.compile_options(); });
    return options ? py::make_tuple(options->optimizer, options->loss, options->metrics) : py::object(py::none());
}

std::pair<std::vector<std::int64_t>, std::vector<std::pair<std::string, std::vector<double>>>> fit(
    LockedModel& self, const py::array& x, const py::array& y, std::int64_t batch_size, std::int64_t epochs,
    double validation_split, const std::optional<Arrays>& validation_data, bool shuffle,
    std::optional<std::int64_t> initial_epoch, const Progress& progress) {
    FitOptions options{.batch_size = batch_size,
                       .epochs = epochs,
                       .verbose = level_of(progress),
                       .validation_split = validation_split,
                       .validation_data = std::nullopt,
                       .shuffle = shuffle,
                       .initial_epoch = initial_epoch,
                       .hooks = hooks_of(progress)};
    if (validation_data) options.validation_data = {view_of(validation_data->first), view_of(validation_data->second)};
    const ArrayView x_view = view_of(x);
    const ArrayView y_view = view_of(y);
    History history = self.use([&](Model& model) { return model.fit(x_view, y_view, options); });
    return {std::move(history.epoch), std::move(history.series)};
}

Metrics evaluate(LockedModel& self, const py::array& x, const py::array& y, std::int64_t batch_size, const Progress& progress) {
    const EvaluateOptions options{.batch_size = batch_size, .verbose = level_of(progress), .hooks = hooks_of(progress)};
    const ArrayView x_view = view_of(x);
    const ArrayView y_view = view_of(y);
    return self.use([&](Model& model) { return model.evaluate(x_view, y_view, options); });
}

py::array_t<float> predict(LockedModel& self, const py::array& x, std::int64_t batch_size, const Progress& progress) {
    const PredictOptions options{.batch_size = batch_size, .verbose = level_of(progress), .hooks = hooks_of(progress)};
    const ArrayView view = view_of(x);
    return as_numpy(self.use([&](Model& model) { return model.predict(view, options); }));
}

Metrics train_on_batch(LockedModel& self, const py::array& x, const py::array& y) {
    const ArrayView x_view = view_of(x);
    const ArrayView y_view = view_of(y);
    return self.use([&](Model& model) { return model.train_on_batch(x_view, y_view); });
}

Metrics test_on_batch(LockedModel& self, const py::array& x, const py::array& y) {
    const ArrayView x_view = view_of(x);
    const ArrayView y_view = view_of(y);
    return self.use([&](Model& model) { return model.test_on_batch(x_view, y_view); });
}

py::array_t<float> predict_on_batch(LockedModel& self, const py::array& x) {
    const ArrayView view = view_of(x);
    return as_numpy(self.use([&](Model& model) { return model.predict_on_batch(view); }));
}

std::vector<WeightView> weights_of(LockedModel& self) {
    return self.use([](Model& model) { return model.weights(); });
}

py::list weight_specs(LockedModel& self) {
    py::list list;
    for (const WeightView& weight : weights_of(self))
        list.append(py::make_tuple(weight.name, as_tuple(weight.value.shape()), weight.trainable));
    return list;
}

// Copies, taken while nobody trains.
py::list get_weights(LockedModel& self) {
    const std::vector<Tensor> copies = self.use([](Model& model) {
        std::vector<Tensor> tensors;
        for (const WeightView& weight : model.weights()) tensors.push_back(weight.value.clone());
        return tensors;
    });
    py::list list;
    for (const Tensor& copy : copies) list.append(copy_to_numpy(copy));
    return list;
}

py::array_t<float> get_weight(LockedModel& self, std::size_t index) {
    return copy_to_numpy(self.use([index](Model& model) { return model.weights().at(index).value.clone(); }));
}

void set_weights(LockedModel& self, const std::vector<py::array>& arrays) {
    std::vector<ArrayView> values;
    for (const py::array& array : arrays) values.push_back(view_of(array));
    self.use([&](Model& model) { model.set_weights(values); });
}

void def_training(py::class_<LockedModel>& model) {
    model.def("compile", compile, py::arg("optimizer"), py::arg("loss"), py::arg("metrics"))
        .def("fit", fit, py::arg("x"), py::arg("y"), py::kw_only(), py::arg("batch_size"), py::arg("epochs"),
             py::arg("validation_split"), py::arg("validation_data"), py::arg("shuffle"), py::arg("initial_epoch"),
             py::arg("progress"))
        .def("evaluate", evaluate, py::arg("x"), py::arg("y"), py::kw_only(), py::arg("batch_size"), py::arg("progress"))
        .def("predict", predict, py::arg("x"), py::kw_only(), py::arg("batch_size"), py::arg("progress"))
        .def("train_on_batch", train_on_batch, py::arg("x"), py::arg("y"))
        .def("test_on_batch", test_on_batch, py::arg("x"), py::arg("y"))
        .def("predict_on_batch", predict_on_batch, py::arg("x"))
        .def("reset_metrics", [](LockedModel& self) { self.use([](Model& m) { m.reset_metrics(); }); });
}

// A property or method without arguments that hands on what the Model's returns.
template <class R>
auto ask(R (Model::*member)() const) {
    return [member](LockedModel& self) {
        return self.use([member](const Model& model) { return std::decay_t<R>((model.*member)()); });
    };
}

void def_looking(py::class_<LockedModel>& model) {
    model.def_property_readonly("name", ask(&Model::name))
        .def_property_readonly("seed", ask(&Model::seed))
        .def_property_readonly("built", ask(&Model::built))
        .def_property_readonly("compile_options", compile_options)
        .def_property_readonly("epoch", ask(&Model::epoch))
        .def_property_readonly("step", ask(&Model::step))
        .def_property_readonly("input_shape", [](LockedModel& self) { return as_tuple(ask(&Model::input_shape)(self)); })
        .def_property_readonly("output_shape", [](LockedModel& self) { return as_tuple(ask(&Model::output_shape)(self)); })
        .def("layer_names", ask(&Model::layer_names))
        .def("count_params", ask(&Model::count_params))
        .def("summary", ask(&Model::summary))
        .def("digest", ask(&Model::digest))
        .def("to_json", ask(&Model::to_json))
        .def("weights", weight_specs)
        .def("get_weights", get_weights)
        .def("get_weight", get_weight, py::arg("index"))
        .def("set_weights", set_weights, py::arg("values"))
        .def(
            "memory_plan",
            [](LockedModel& self, std::int64_t batch_size, std::int64_t validation_batch) {
                return self.use([&](Model& m) { return m.memory_plan(batch_size, validation_batch); });
            },
            py::arg("batch_size"), py::arg("validation_batch"));
}

void def_files(py::module_& m, py::class_<LockedModel>& model) {
    model
        .def(
            "save", [](LockedModel& self, const Path& path) { self.use([&](Model& it) { it.save(path); }); }, py::arg("path"))
        .def(
            "save_weights", [](LockedModel& self, const Path& path) { self.use([&](Model& it) { it.save_weights(path); }); },
            py::arg("path"))
        .def(
            "load_weights", [](LockedModel& self, const Path& path) { self.use([&](Model& it) { it.load_weights(path); }); },
            py::arg("path"));
    m.def(
        "load_model", [](const Path& path) { return made_by([&] { return load_model(path); }); }, py::arg("path"));
    m.def(
        "model_from_json", [](const std::string& json) { return made_by([&] { return model_from_json(json); }); },
        py::arg("json"));
}

}  // namespace

void def_model(py::module_& m) {
    m.def("set_random_seed", set_random_seed, py::arg("seed"));
    py::class_<LockedModel> model(m, "Model");
    model.def(py::init(&make), py::arg("layers"), py::arg("name"), py::arg("seed"))
        .def(
            "add", [](LockedModel& self, const Layer& layer) { self.use([&](Sequential& it) { it.add(layer); }); },
            py::arg("layer"))
        .def(
            "build", [](LockedModel& self, const Shape& shape) { self.use([&](Model& it) { it.build(shape); }); },
            py::arg("sample_shape"));
    def_training(model);
    def_looking(model);
    def_files(m, model);
}

}  // namespace samebits::python
