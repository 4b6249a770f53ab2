// What a run asks between its steps. Own callbacks derive from Callback; those that Keras has are in train/callbacks/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/tensor.h"
#include "samebits/train/history.h"

namespace samebits {

// The model that is being trained, as callbacks may touch it.
class SAMEBITS_API Training {
public:
    virtual ~Training() = default;

    // The run ends after this step, its epoch's validation and its hooks.
    virtual void stop() = 0;
    [[nodiscard]] virtual bool stopped() const = 0;
    // Of the next step. Setting throws InvalidArgument unless finite and >= 0.
    [[nodiscard]] virtual double learning_rate() const = 0;
    virtual void set_learning_rate(double rate) = 0;
    // Whether a larger number of this name in the logs is better; nothing when only the caller knows.
    [[nodiscard]] virtual std::optional<bool> rises(const std::string& name) const = 0;
    // Trained steps since the model was made.
    [[nodiscard]] virtual std::int64_t step() const = 0;
    // Copies, in the model's order.
    [[nodiscard]] virtual std::vector<Tensor> weights() const = 0;
    virtual void set_weights(const std::vector<Tensor>& weights) = 0;
    // As Model::save and Model::save_weights.
    virtual void save(const std::filesystem::path& path) const = 0;
    virtual void save_weights(const std::filesystem::path& path) const = 0;
    // A line among those of the run's progress.
    virtual void print(const std::string& line) const = 0;
};

// Keras's hooks. Epochs count on the model, batches of an epoch, both from 0; logs are the epoch's numbers so far, with
// "val_..." at the end of an epoch: what a callback adds to those, later callbacks and the History have too.
// What a hook throws ends the run; the model is as after the last step.
class SAMEBITS_API Callback {
public:
    virtual ~Callback() = default;
    virtual void on_train_begin(Training& /*training*/) {}
    virtual void on_train_end(Training& /*training*/, const Metrics& /*logs*/) {}
    virtual void on_epoch_begin(Training& /*training*/, std::int64_t /*epoch*/) {}
    virtual void on_epoch_end(Training& /*training*/, std::int64_t /*epoch*/, Metrics& /*logs*/) {}
    virtual void on_train_batch_begin(Training& /*training*/, std::int64_t /*batch*/) {}
    virtual void on_train_batch_end(Training& /*training*/, std::int64_t /*batch*/, const Metrics& /*logs*/) {}
    virtual void on_test_begin(Training& /*training*/) {}
    virtual void on_test_end(Training& /*training*/, const Metrics& /*logs*/) {}
    virtual void on_test_batch_begin(Training& /*training*/, std::int64_t /*batch*/) {}
    virtual void on_test_batch_end(Training& /*training*/, std::int64_t /*batch*/, const Metrics& /*logs*/) {}
};

}  // namespace samebits
