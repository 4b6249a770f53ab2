#include "samebits/train/callbacks/early_stopping.h"

#include <cmath>
#include <utility>

#include "samebits/base/check.h"

namespace samebits::callbacks {

EarlyStopping::EarlyStopping(const EarlyStoppingOptions& options)
    : options_(options), monitor_("EarlyStopping", options.monitor, options.mode, options.min_delta) {
    require(options.patience >= 0, "[EarlyStopping] patience must not be negative; got patience={}; give a number from 0 on",
            options.patience);
    require(options.start_from_epoch >= 0,
            "[EarlyStopping] start_from_epoch must not be negative; got start_from_epoch={}; give a number from 0 on",
            options.start_from_epoch);
    require(std::isfinite(options.baseline.value_or(0)),
            "[EarlyStopping] baseline must be finite; got baseline={}; give a finite number", options.baseline.value_or(0));
}

void EarlyStopping::on_train_begin(Training& /*training*/) {
    best_.reset();
    best_weights_.clear();
    best_epoch_ = stopped_epoch_ = wait_ = 0;
}

void EarlyStopping::on_train_batch_begin(Training& training, std::int64_t /*batch*/) {
    // Before the first step, so that a memory limit refuses the run there; by now a stream has built the model.
    if (options_.restore_best_weights && best_weights_.empty()) best_weights_ = training.weights();
}

void EarlyStopping::on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) {
    const double current = monitor_.value(training, logs);
    if (epoch < options_.start_from_epoch) return;
    ++wait_;
    if (monitor_.improves(current, best_)) {
        best_ = current;
        best_epoch_ = epoch;
        best_weights_.clear();  // one copy at a time
        if (options_.restore_best_weights) best_weights_ = training.weights();
        if (!options_.baseline || monitor_.improves(current, options_.baseline)) wait_ = 0;
        return;
    }
    if (wait_ < options_.patience) return;
    stopped_epoch_ = epoch;
    training.stop();
}

void EarlyStopping::on_train_end(Training& training, const Metrics& /*logs*/) {
    if (stopped_epoch_ > 0 && options_.verbose > 0) training.print(fmt::format("Epoch {}: early stopping", stopped_epoch_ + 1));
    const std::vector<Tensor> weights = std::exchange(best_weights_, {});
    if (weights.empty() || !best_) return;
    if (options_.verbose > 0) training.print(fmt::format("Restoring the weights of the best epoch: {}", best_epoch_ + 1));
    training.set_weights(weights);
}

}  // namespace samebits::callbacks
