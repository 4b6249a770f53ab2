// Ends a run when a number stops getting better.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/train/callbacks/monitor.h"

namespace samebits::callbacks {

struct EarlyStoppingOptions {
    std::string monitor = "val_loss";
    double min_delta = 0;       // by more than its size a number must get better to count
    std::int64_t patience = 0;  // epochs without anything better after which the run ends
    int verbose = 0;            // 1: prints a line when it acts
    Mode mode = Mode::automatic;
    std::optional<double> baseline{};   // only what is better than this, too, starts the patience anew
    bool restore_best_weights = false;  // at the end of the last epoch, early or not; a copy of the weights is held meanwhile
    std::int64_t start_from_epoch = 0;  // earlier epochs, counted on the model, are not looked at
};

class SAMEBITS_API EarlyStopping final : public Callback {
public:
    // Throws InvalidArgument for negative counts and numbers that are not finite.
    explicit EarlyStopping(const EarlyStoppingOptions& options = {});

    void on_train_begin(Training& training) override;
    void on_train_batch_begin(Training& training, std::int64_t batch) override;
    void on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) override;
    void on_train_end(Training& training, const Metrics& logs) override;

    // Of the last run. The epoch that ended it, 0 when it went on to its end.
    [[nodiscard]] std::int64_t stopped_epoch() const { return stopped_epoch_; }
    [[nodiscard]] std::int64_t best_epoch() const { return best_epoch_; }
    [[nodiscard]] const std::optional<double>& best() const { return best_; }
    [[nodiscard]] std::int64_t wait() const { return wait_; }

private:
    EarlyStoppingOptions options_;
    Monitor monitor_;
    std::optional<double> best_;
    std::vector<Tensor> best_weights_;
    std::int64_t best_epoch_ = 0, stopped_epoch_ = 0, wait_ = 0;
};

}  // namespace samebits::callbacks
