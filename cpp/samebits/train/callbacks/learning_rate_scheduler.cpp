#include "samebits/train/callbacks/learning_rate_scheduler.h"

#include "samebits/base/check.h"

namespace samebits::callbacks {

void LearningRateScheduler::on_epoch_begin(Training& training, std::int64_t epoch) {
    const double rate = schedule_(epoch, training.learning_rate());
    training.set_learning_rate(rate);
    if (verbose_ > 0) training.print(fmt::format("Epoch {}: learning rate set to {}", epoch + 1, rate));
}

void LearningRateScheduler::on_epoch_end(Training& training, std::int64_t /*epoch*/, Metrics& logs) {
    set(logs, "learning_rate", training.learning_rate());
}

}  // namespace samebits::callbacks
