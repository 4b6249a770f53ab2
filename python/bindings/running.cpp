// What a running model asks of Python.
#include "running.h"

#include "samebits/train/callback_json.h"

namespace samebits::python {
namespace {

class PythonCallback final : public Callback {
public:
    PythonCallback(py::handle object, LockedModel& model) : object_(object), model_(model) {}

    void on_train_begin(Training& t) override { tell(t, "on_train_begin", Metrics()); }
    void on_train_end(Training& t, const Metrics& logs) override { tell(t, "on_train_end", logs); }
    void on_epoch_begin(Training& t, std::int64_t epoch) override { tell(t, "on_epoch_begin", epoch, Metrics()); }
    void on_epoch_end(Training& t, std::int64_t epoch, Metrics& logs) override {
        for (auto& [name, value] : tell(t, "on_epoch_end", epoch, logs)) set(logs, name, value);
    }
    void on_train_batch_begin(Training& t, std::int64_t batch) override { tell(t, "on_train_batch_begin", batch, Metrics()); }
    void on_train_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        tell(t, "on_train_batch_end", batch, logs);
    }
    void on_test_begin(Training& t) override { tell(t, "on_test_begin", Metrics()); }
    void on_test_end(Training& t, const Metrics& logs) override { tell(t, "on_test_end", logs); }
    void on_test_batch_begin(Training& t, std::int64_t batch) override { tell(t, "on_test_batch_begin", batch, Metrics()); }
    void on_test_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        tell(t, "on_test_batch_end", batch, logs);
    }

private:
    struct BetweenSteps {
        explicit BetweenSteps(LockedModel& model) : model_(model) { model_.set_between_steps(true); }
        ~BetweenSteps() { model_.set_between_steps(false); }
        BetweenSteps(const BetweenSteps&) = delete;
        BetweenSteps& operator=(const BetweenSteps&) = delete;
        LockedModel& model_;
    };

    void tell(Training& training, const char* hook, const Metrics& logs) {
        const py::gil_scoped_acquire with_gil;
        tell(training, hook, py::tuple(), logs);
    }
    Metrics tell(Training& training, const char* hook, std::int64_t number, const Metrics& logs) {
        const py::gil_scoped_acquire with_gil;
        return tell(training, hook, py::make_tuple(number), logs);
    }
    // Hooks get what Keras's get: numbers, then a dict. The object's `model.stop_training` ends the run. The dict afterwards.
    Metrics tell(Training& training, const char* hook, const py::tuple& numbers, const Metrics& logs) {
        Metrics after;
        if (!py::hasattr(object_, hook)) return after;
        py::dict dict;
        for (const auto& [name, value] : logs) dict[py::str(name)] = value;
        const BetweenSteps between(model_);
        object_.attr(hook)(*numbers, dict);
        const py::object model = py::getattr(object_, "model", py::none());
        if (!model.is_none() && py::cast<bool>(py::getattr(model, "stop_training", py::bool_(false)))) training.stop();
        for (const auto& [name, value] : dict)
            if (py::isinstance<py::str>(name) && PyNumber_Check(value.ptr()) != 0)
                after.emplace_back(py::cast<std::string>(name),
                                   py::cast<double>(py::float_(py::reinterpret_borrow<py::object>(value))));
        return after;
    }

    py::handle object_;  // the list that was passed keeps it
    LockedModel& model_;
};

}  // namespace

Arrays views_of(const std::vector<py::array>& arrays) {
    Arrays views;
    for (const py::array& array : arrays) views.push_back(view_of(array));
    return views;
}

std::vector<std::shared_ptr<Callback>> callbacks_of(const py::list& callbacks, LockedModel& model) {
    std::vector<std::shared_ptr<Callback>> list;
    for (const py::handle object : callbacks) {
        if (py::isinstance<Callback>(object)) {
            list.push_back(py::cast<std::shared_ptr<Callback>>(object));
        } else {
            list.push_back(std::make_shared<PythonCallback>(object, model));
        }
    }
    return list;
}

void PythonStream::begin(std::int64_t epoch) {
    const py::gil_scoped_acquire with_gil;
    source_.attr("begin")(epoch);
}

std::optional<BatchStream::Batch> PythonStream::next() {
    const py::gil_scoped_acquire with_gil;
    taken_ = source_.attr("next")();
    if (taken_.is_none()) return {};
    const auto [x, y, weight] = py::cast<Taken>(taken_);
    Batch batch{views_of(x), views_of(y)};
    if (weight) batch.sample_weight = view_of(*weight);
    return batch;
}

std::int64_t PythonStream::batches() const {
    const py::gil_scoped_acquire with_gil;
    return py::cast<std::int64_t>(source_.attr("batches"));
}

void def_callbacks(py::module_& m) {
    using callbacks::EarlyStopping;
    using callbacks::ModelCheckpoint;
    using callbacks::ReduceLROnPlateau;
    py::class_<Callback, std::shared_ptr<Callback>>(m, "Callback");
    py::class_<EarlyStopping, Callback, std::shared_ptr<EarlyStopping>>(m, "EarlyStopping")
        .def_property_readonly("stopped_epoch", &EarlyStopping::stopped_epoch)
        .def_property_readonly("best_epoch", &EarlyStopping::best_epoch)
        .def_property_readonly("best", &EarlyStopping::best)
        .def_property_readonly("wait", &EarlyStopping::wait);
    py::class_<ModelCheckpoint, Callback, std::shared_ptr<ModelCheckpoint>>(m, "ModelCheckpoint")
        .def_property_readonly("best", &ModelCheckpoint::best);
    py::class_<ReduceLROnPlateau, Callback, std::shared_ptr<ReduceLROnPlateau>>(m, "ReduceLROnPlateau")
        .def_property_readonly("best", &ReduceLROnPlateau::best)
        .def_property_readonly("wait", &ReduceLROnPlateau::wait)
        .def_property_readonly("cooldown_counter", &ReduceLROnPlateau::cooldown_counter);
    m.def(
        "callback", [](const std::string& json) { return callback_from_json(json); }, py::arg("json"));
}

}  // namespace samebits::python
