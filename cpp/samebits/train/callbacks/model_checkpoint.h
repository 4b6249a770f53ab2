// Saves the model while it is trained.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "samebits/base/api.h"
#include "samebits/train/callbacks/monitor.h"

namespace samebits::callbacks {

struct ModelCheckpointOptions {
    // May hold {epoch} (from 1), {batch} (from 1; with save_freq > 0) and the logs' names, with formats: {epoch:02d},
    // {val_loss:.2f}. Its folder is made. safetensors, as of Model::save and Model::save_weights.
    std::string filepath;
    std::string monitor = "val_loss";
    int verbose = 0;  // 1: prints a line when it acts
    bool save_best_only = false;
    bool save_weights_only = false;
    Mode mode = Mode::automatic;
    std::int64_t save_freq = 0;                       // 0: at the end of each epoch, else after so many batches
    std::optional<double> initial_value_threshold{};  // the best so far
    std::filesystem::path folder{};                   // filepath is relative to it
};

// What is best is kept from one fit to the next.
class SAMEBITS_API ModelCheckpoint final : public Callback {
public:
    // Throws InvalidArgument for a filepath that is empty or no pattern, and a negative save_freq.
    explicit ModelCheckpoint(const ModelCheckpointOptions& options);

    void on_epoch_begin(Training& training, std::int64_t epoch) override;
    void on_train_batch_end(Training& training, std::int64_t batch, const Metrics& logs) override;
    void on_epoch_end(Training& training, std::int64_t epoch, Metrics& logs) override;

    [[nodiscard]] const std::optional<double>& best() const { return best_; }

private:
    void save(Training& training, std::optional<std::int64_t> batch, const Metrics& logs);
    [[nodiscard]] bool is_best(const Training& training, const Metrics& logs);

    ModelCheckpointOptions options_;
    Monitor monitor_;
    std::optional<double> best_;
    std::int64_t epoch_ = 0, batches_ = 0;
};

}  // namespace samebits::callbacks
