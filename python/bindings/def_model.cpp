// Models: make, build, compile, train, look, save.
#include <pybind11/stl/filesystem.h>

#include "locked_model.h"
#include "running.h"
#include "samebits/train/loss_json.h"

namespace samebits::python {
namespace {

using Path = std::filesystem::path;
using Validation = std::tuple<std::vector<py::array>, std::vector<py::array>, std::optional<py::array>>;

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

std::unique_ptr<LockedModel> functional(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs,
                                        const std::string& name, std::optional<std::uint64_t> seed) {
    return made_by([&] { return Model(inputs, outputs, {.seed = seed, .name = name}); });
}

void compile(LockedModel& self, const OptimizerSpec& optimizer, const std::vector<LossSpec>& losses, const std::string& metrics,
             const std::vector<double>& loss_weights, const std::vector<std::string>& output_metrics) {
    std::vector<std::vector<MetricSpec>> lists;
    for (const std::string& list : output_metrics) lists.push_back(metrics_from_json(list));
    self.use([&](Model& model) {
        model.compile({.optimizer = optimizer,
                       .loss = losses,
                       .metrics = metrics_from_json(metrics),
                       .loss_weights = loss_weights,
                       .output_metrics = lists});
    });
}

py::object compile_options(LockedModel& self) {
    const auto options = self.look([](Model& model) { return model.compile_options(); });
    if (!options) return py::none();
    std::vector<std::string> lists;
    for (const auto& list : options->output_metrics) lists.push_back(metrics_to_json(list));
    return py::make_tuple(options->optimizer, options->loss.each, metrics_to_json(options->metrics), options->loss_weights,
                          lists);
}

std::pair<std::vector<std::int64_t>, std::vector<std::pair<std::string, std::vector<double>>>> fit(
    LockedModel& self, const py::object& x, const std::vector<py::array>& y, std::int64_t batch_size, std::int64_t epochs,
    double validation_split, const std::optional<Validation>& validation_data, const py::object& validation_stream,
    bool shuffle, std::optional<std::int64_t> initial_epoch, std::optional<std::int64_t> steps_per_epoch,
    const std::optional<py::array>& sample_weight, const std::map<std::int64_t, double>& class_weight,
    const py::list& callbacks, const Progress& progress) {
    FitOptions options{.batch_size = batch_size,
                       .epochs = epochs,
                       .verbose = level_of(progress),
                       .validation_split = validation_split,
                       .validation_data = std::nullopt,
                       .shuffle = shuffle,
                       .initial_epoch = initial_epoch,
                       .class_weight = class_weight,
                       .steps_per_epoch = steps_per_epoch,
                       .callbacks = callbacks_of(callbacks, self),
                       .hooks = hooks_of(progress)};
    if (sample_weight) options.sample_weight = view_of(*sample_weight);
    if (validation_data) {
        options.validation_data =
            ValidationData(views_of(std::get<0>(*validation_data)), views_of(std::get<1>(*validation_data)));
        if (const auto& weights = std::get<2>(*validation_data)) options.validation_data->sample_weight = view_of(*weights);
    }
    PythonStream validation(validation_stream);
    if (!validation_stream.is_none()) options.validation_stream = &validation;
    History history;
    if (py::isinstance<py::list>(x)) {
        const Arrays x_views = views_of(py::cast<std::vector<py::array>>(x));
        const Arrays y_views = views_of(y);
        history = self.use([&](Model& model) { return model.fit(x_views, y_views, options); });
    } else {
        PythonStream stream(x);
        history = self.use([&](Model& model) { return model.fit(stream, options); });
    }
    return {std::move(history.epoch), std::move(history.series)};
}

Metrics evaluate(LockedModel& self, const py::object& x, const std::vector<py::array>& y, std::int64_t batch_size,
                 const std::optional<py::array>& sample_weight, const py::list& callbacks, const Progress& progress) {
    EvaluateOptions options{.batch_size = batch_size,
                            .verbose = level_of(progress),
                            .callbacks = callbacks_of(callbacks, self),
                            .hooks = hooks_of(progress)};
    if (sample_weight) options.sample_weight = view_of(*sample_weight);
    if (!py::isinstance<py::list>(x)) {
        PythonStream stream(x);
        return self.look([&](Model& model) { return model.evaluate(stream, options); });
    }
    const Arrays x_views = views_of(py::cast<std::vector<py::array>>(x));
    const Arrays y_views = views_of(y);
    return self.look([&](Model& model) { return model.evaluate(x_views, y_views, options); });
}

py::list predict(LockedModel& self, const std::vector<py::array>& x, std::int64_t batch_size, const Progress& progress) {
    const PredictOptions options{.batch_size = batch_size, .verbose = level_of(progress), .hooks = hooks_of(progress)};
    const Arrays views = views_of(x);
    py::list list;
    for (Tensor& output : self.look([&](Model& model) { return model.predict(views, options); }))
        list.append(as_numpy(std::move(output)));
    return list;
}

bool is_single(const Model& model) {
    return model.is_sequential() || (model.input_names().size() == 1 && model.output_names().size() == 1);
}

// Nothing unless the model has shapes, one input and one output.
std::optional<py::array_t<float>> predict_on_batch(LockedModel& self, const py::array& x) {
    const ArrayView view = view_of(x);
    auto output = self.look([&](Model& model) -> std::optional<Tensor> {
        if (!model.built() || !is_single(model)) return {};
        return model.predict_on_batch(view);
    });
    if (!output) return {};
    return as_numpy(*std::move(output));
}

Metrics train_on_batch(LockedModel& self, const std::vector<py::array>& x, const std::vector<py::array>& y,
                       const std::optional<py::array>& sample_weight, const std::map<std::int64_t, double>& class_weight) {
    const Arrays x_views = views_of(x);
    const Arrays y_views = views_of(y);
    std::optional<ArrayView> weights;
    if (sample_weight) weights = view_of(*sample_weight);
    return self.use([&](Model& model) { return model.train_on_batch(x_views, y_views, weights, class_weight); });
}

Metrics test_on_batch(LockedModel& self, const std::vector<py::array>& x, const std::vector<py::array>& y,
                      const std::optional<py::array>& sample_weight) {
    const Arrays x_views = views_of(x);
    const Arrays y_views = views_of(y);
    std::optional<ArrayView> weights;
    if (sample_weight) weights = view_of(*sample_weight);
    return self.look([&](Model& model) { return model.test_on_batch(x_views, y_views, weights); });
}

std::vector<WeightView> weights_of(LockedModel& self) {
    return self.look([](Model& model) { return model.weights(); });
}

py::list weight_specs(LockedModel& self) {
    py::list list;
    for (const WeightView& weight : weights_of(self))
        list.append(py::make_tuple(weight.name, as_tuple(weight.value.shape()), weight.trainable));
    return list;
}

// Copies, taken while nobody trains.
py::list get_weights(LockedModel& self) {
    const std::vector<Tensor> copies = self.look([](Model& model) {
        std::vector<Tensor> tensors;
        for (const WeightView& weight : model.weights()) tensors.push_back(weight.value.clone());
        return tensors;
    });
    py::list list;
    for (const Tensor& copy : copies) list.append(copy_to_numpy(copy));
    return list;
}

py::array_t<float> get_weight(LockedModel& self, std::size_t index) {
    return copy_to_numpy(self.look([index](Model& model) { return model.weights().at(index).value.clone(); }));
}

void set_weights(LockedModel& self, const std::vector<py::array>& arrays) {
    std::vector<ArrayView> values;
    for (const py::array& array : arrays) values.push_back(view_of(array));
    self.look([&](Model& model) { model.set_weights(values); });
}

void def_training(py::class_<LockedModel>& model) {
    model
        .def("compile", compile, py::arg("optimizer"), py::arg("losses"), py::arg("metrics"), py::arg("loss_weights"),
             py::arg("output_metrics"))
        .def("fit", fit, py::arg("x"), py::arg("y"), py::kw_only(), py::arg("batch_size"), py::arg("epochs"),
             py::arg("validation_split"), py::arg("validation_data"), py::arg("validation_stream"), py::arg("shuffle"),
             py::arg("initial_epoch"), py::arg("steps_per_epoch"), py::arg("sample_weight"), py::arg("class_weight"),
             py::arg("callbacks"), py::arg("progress"))
        .def("evaluate", evaluate, py::arg("x"), py::arg("y"), py::kw_only(), py::arg("batch_size"), py::arg("sample_weight"),
             py::arg("callbacks"), py::arg("progress"))
        .def("predict", predict, py::arg("x"), py::kw_only(), py::arg("batch_size"), py::arg("progress"))
        .def("predict_on_batch", predict_on_batch, py::arg("x"))
        .def("train_on_batch", train_on_batch, py::arg("x"), py::arg("y"), py::arg("sample_weight"), py::arg("class_weight"))
        .def("test_on_batch", test_on_batch, py::arg("x"), py::arg("y"), py::arg("sample_weight"))
        .def("reset_metrics", [](LockedModel& self) { self.use([](Model& m) { m.reset_metrics(); }); })
        .def_property(
            "learning_rate", [](LockedModel& self) { return self.look([](Model& m) { return m.learning_rate(); }); },
            [](LockedModel& self, double rate) { self.look([=](Model& m) { m.set_learning_rate(rate); }); })
        .def_property_readonly("iterations",
                               [](LockedModel& self) { return self.look([](Model& m) { return m.iterations(); }); });
}

// A property or method without arguments that hands on what the Model's returns.
template <class R>
auto ask(R (Model::*member)() const) {
    return [member](LockedModel& self) {
        return self.look([member](const Model& model) { return std::decay_t<R>((model.*member)()); });
    };
}

void def_looking(py::class_<LockedModel>& model) {
    model.def_property_readonly("name", ask(&Model::name))
        .def_property_readonly("seed", ask(&Model::seed))
        .def_property_readonly("is_sequential", ask(&Model::is_sequential))
        .def_property_readonly("built", ask(&Model::built))
        .def_property_readonly("compile_options", compile_options)
        .def_property_readonly("epoch", ask(&Model::epoch))
        .def_property_readonly("step", ask(&Model::step))
        .def("layers", ask(&Model::layers))
        .def("layer_names", ask(&Model::layer_names))
        .def_property_readonly("input_names", ask(&Model::input_names))
        .def_property_readonly("output_names", ask(&Model::output_names))
        .def_property_readonly("input_shapes", ask(&Model::input_shapes))
        .def_property_readonly("output_shapes", ask(&Model::output_shapes))
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
            "save", [](LockedModel& self, const Path& path) { self.look([&](Model& it) { it.save(path); }); }, py::arg("path"))
        .def(
            "save_weights", [](LockedModel& self, const Path& path) { self.look([&](Model& it) { it.save_weights(path); }); },
            py::arg("path"))
        .def(
            "load_weights", [](LockedModel& self, const Path& path) { self.look([&](Model& it) { it.load_weights(path); }); },
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
    m.def("functional", functional, py::arg("inputs"), py::arg("outputs"), py::arg("name"), py::arg("seed"));
    def_callbacks(m);
    def_training(model);
    def_looking(model);
    def_files(m, model);
}

}  // namespace samebits::python
