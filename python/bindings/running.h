// What a running model asks of Python: callbacks and batches.
#pragma once

#include "locked_model.h"

namespace samebits::python {

void def_callbacks(py::module_& m);

// Objects of Python with Keras's hooks, and callbacks of C++ as they are. `model` must outlive them.
std::vector<std::shared_ptr<Callback>> callbacks_of(const py::list& callbacks, LockedModel& model);

Arrays views_of(const std::vector<py::array>& arrays);

// A Python object with begin(epoch), next() -> (x, y, sample_weight or None) or None, and batches -> int.
class PythonStream final : public BatchStream {
public:
    explicit PythonStream(py::object source) : source_(std::move(source)) {}
    void begin(std::int64_t epoch) override;
    std::optional<Batch> next() override;
    [[nodiscard]] std::int64_t batches() const override;

private:
    using Taken = std::tuple<std::vector<py::array>, std::vector<py::array>, std::optional<py::array>>;
    py::object source_;
    py::object taken_;  // keeps the batch alive
};

}  // namespace samebits::python
