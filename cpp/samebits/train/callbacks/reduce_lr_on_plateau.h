// Lowers the learning rate when a number stops getting better.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "samebits/base/api.h"
#include "samebits/train/callbacks/monitor.h"

namespace samebits::callbacks {

struct ReduceLROnPlateauOptions {
    std::string monitor = "val_loss";
    double factor = 0.1;         // the rate becomes max(rate * factor, min_lr), in float64; in [0, 1)
    std::int64_t patience = 10;  // epochs without anything better before that
    int verbose = 0;             // 1: prints a line when it acts
    Mode mode = Mode::automatic;
    double min_delta = 1e-4;
    std::int64_t cooldown = 0;  // epochs after it in which nothing is counted
    double min_lr = 0;
};

// Adds "learning_rate", that of the epoch which ended, to the epoch's logs.
class SAMEBITS_API ReduceLROnPlateau final : public Callback {
public:
    explicit ReduceLROnPlateau(const ReduceLROnPlateauOptions& options = {});

    void on_train_begin(Training& training) override;
    void on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) override;

    [[nodiscard]] const std::optional<double>& best() const { return best_; }
    [[nodiscard]] std::int64_t wait() const { return wait_; }
    [[nodiscard]] std::int64_t cooldown_counter() const { return cooling_; }

private:
    ReduceLROnPlateauOptions options_;
    Monitor monitor_;
    std::optional<double> best_;
    std::int64_t wait_ = 0, cooling_ = 0;
};

}  // namespace samebits::callbacks
