// What a running model asks of Python.
#include "running.h"

#include "samebits/base/fp_env.h"

namespace samebits::python {
namespace {

// Python's arithmetic between steps is the caller's, not ours: with the floating-point environment that it set.
class PythonCallback final : public Callback {
public:
    PythonCallback(py::handle object, LockedModel& model) : object_(object), model_(model) {}

    void on_train_begin(Training& t) override { tell(t, "on_train_begin"); }
    void on_train_end(Training& t, const Metrics& logs) override { tell(t, "on_train_end", dict(logs)); }
    void on_epoch_begin(Training& t, std::int64_t epoch) override { tell(t, "on_epoch_begin", epoch); }
    void on_epoch_end(Training& t, std::int64_t epoch, const Metrics& logs) override {
        tell(t, "on_epoch_end", epoch, dict(logs));
    }
    void on_train_batch_begin(Training& t, std::int64_t batch) override { tell(t, "on_train_batch_begin", batch); }
    void on_train_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        tell(t, "on_train_batch_end", batch, dict(logs));
    }
    void on_test_begin(Training& t) override { tell(t, "on_test_begin"); }
    void on_test_end(Training& t, const Metrics& logs) override { tell(t, "on_test_end", dict(logs)); }
    void on_test_batch_begin(Training& t, std::int64_t batch) override { tell(t, "on_test_batch_begin", batch); }
    void on_test_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        tell(t, "on_test_batch_end", batch, dict(logs));
    }

private:
    static std::map<std::string, double> dict(const Metrics& logs) { return {logs.begin(), logs.end()}; }

    struct BetweenSteps {
        explicit BetweenSteps(LockedModel& model) : model_(model) { model_.set_between_steps(true); }
        ~BetweenSteps() { model_.set_between_steps(false); }
        BetweenSteps(const BetweenSteps&) = delete;
        BetweenSteps& operator=(const BetweenSteps&) = delete;
        LockedModel& model_;
    };

    // Hooks get what Keras's get; the object's `model.stop_training` ends the run.
    template <class... Arguments>
    void tell(Training& training, const char* hook, const Arguments&... arguments) {
        const py::gil_scoped_acquire with_gil;
        if (!py::hasattr(object_, hook)) return;
        const BetweenSteps between(model_);
        object_.attr(hook)(arguments...);
        const py::object model = py::getattr(object_, "model", py::none());
        if (!model.is_none() && py::cast<bool>(py::getattr(model, "stop_training", py::bool_(false)))) training.stop();
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

void def_callbacks(py::module_& m) { py::class_<Callback, std::shared_ptr<Callback>>(m, "Callback"); }

}  // namespace samebits::python
