// Sets the learning rate at the start of each epoch.
#pragma once

#include <functional>

#include "samebits/base/api.h"
#include "samebits/train/callback.h"

namespace samebits::callbacks {

// Adds "learning_rate", that of the epoch which ended, to the epoch's logs.
class SAMEBITS_API LearningRateScheduler final : public Callback {
public:
    // schedule(epoch, rate so far) -> rate, finite and >= 0. The run's bits are the same everywhere only where the schedule's
    // are.
    explicit LearningRateScheduler(std::function<double(std::int64_t epoch, double rate)> schedule, int verbose = 0)
        : schedule_(std::move(schedule)), verbose_(verbose) {}

    void on_epoch_begin(Training& training, std::int64_t epoch) override;
    void on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) override;

private:
    std::function<double(std::int64_t, double)> schedule_;
    int verbose_;
};

}  // namespace samebits::callbacks
