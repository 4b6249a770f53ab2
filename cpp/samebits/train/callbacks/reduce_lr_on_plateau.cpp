#include "samebits/train/callbacks/reduce_lr_on_plateau.h"

#include <algorithm>
#include <cmath>

#include "samebits/base/check.h"

namespace samebits::callbacks {

ReduceLROnPlateau::ReduceLROnPlateau(const ReduceLROnPlateauOptions& options)
    : options_(options), monitor_("ReduceLROnPlateau", options.monitor, options.mode, options.min_delta) {
    require(options.factor >= 0 && options.factor < 1,
            "[ReduceLROnPlateau] factor must be in [0, 1); got factor={}; give a number in this range", options.factor);
    require(
        options.patience >= 0 && options.cooldown >= 0,
        "[ReduceLROnPlateau] patience and cooldown must not be negative; got patience={}, cooldown={}; give numbers from 0 on",
        options.patience, options.cooldown);
    require(options.min_lr >= 0 && std::isfinite(options.min_lr),
            "[ReduceLROnPlateau] min_lr must be finite and not negative; got min_lr={}; give a number from 0 on",
            options.min_lr);
}

void ReduceLROnPlateau::on_train_begin(Training& /*training*/) {
    best_.reset();
    wait_ = cooling_ = 0;
}

void ReduceLROnPlateau::on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) {
    const double rate = training.learning_rate();
    set(logs, "learning_rate", rate);
    const double current = monitor_.value(training, logs);
    if (cooling_ > 0) {
        --cooling_;
        wait_ = 0;
    }
    if (monitor_.improves(current, best_)) {
        best_ = current;
        wait_ = 0;
        return;
    }
    if (cooling_ > 0 || ++wait_ < options_.patience || rate <= options_.min_lr) return;
    const double reduced = std::max(rate * options_.factor, options_.min_lr);
    training.set_learning_rate(reduced);
    if (options_.verbose > 0) training.print(fmt::format("Epoch {}: learning rate reduced to {}", epoch + 1, reduced));
    cooling_ = options_.cooldown;
    wait_ = 0;
}

}  // namespace samebits::callbacks
