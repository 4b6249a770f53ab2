#include "samebits/train/callbacks/model_checkpoint.h"

#include <fmt/args.h>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits::callbacks {
namespace {

constexpr const char* op = "ModelCheckpoint";

std::string formatted(const std::string& pattern, std::int64_t epoch, std::optional<std::int64_t> batch, const Metrics& logs) {
    fmt::dynamic_format_arg_store<fmt::format_context> values;
    std::vector<std::string_view> known{"epoch"};
    values.push_back(fmt::arg("epoch", epoch + 1));
    if (batch) {
        values.push_back(fmt::arg("batch", *batch + 1));
        known.emplace_back("batch");
    }
    for (const auto& [name, value] : logs) {
        values.push_back(fmt::arg(name.c_str(), value));
        known.emplace_back(name);
    }
    try {
        return fmt::vformat(pattern, values);
    } catch (const fmt::format_error& error) {
        fail("[{}] filepath must be a pattern of {}; got \"{}\" ({}); correct the pattern", op, list_of(known), pattern,
             error.what());
    }
}

}  // namespace

ModelCheckpoint::ModelCheckpoint(const ModelCheckpointOptions& options)
    : options_(options), monitor_(op, options.monitor, options.mode, 0), best_(options.initial_value_threshold) {
    require(!options.filepath.empty(), "[{}] filepath names a file; got an empty one; name one", op);
    require(options.save_freq >= 0,
            "[{}] save_freq must be \"epoch\" or at least 1 batch; got save_freq={}; give such a number", op,
            options.save_freq);
}

void ModelCheckpoint::on_epoch_begin(Training& /*training*/, std::int64_t epoch) { epoch_ = epoch; }

void ModelCheckpoint::on_train_batch_end(Training& training, std::int64_t batch, const Metrics& logs) {
    if (options_.save_freq == 0 || ++batches_ < options_.save_freq) return;
    batches_ = 0;
    save(training, batch, logs);
}

void ModelCheckpoint::on_epoch_end(Training& training, std::int64_t /*epoch*/, Metrics& logs) {
    if (options_.save_freq == 0) save(training, {}, logs);
}

bool ModelCheckpoint::is_best(const Training& training, const Metrics& logs) {
    const double current = monitor_.value(training, logs);
    if (!monitor_.improves(current, best_)) return false;
    best_ = current;
    return true;
}

void ModelCheckpoint::save(Training& training, std::optional<std::int64_t> batch, const Metrics& logs) {
    if (options_.save_best_only && !is_best(training, logs)) return;
    const std::filesystem::path path = options_.folder / formatted(options_.filepath, epoch_, batch, logs);
    std::error_code error;
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), error);
    require<IoError>(!error, "[{}] cannot make the folder {}; got \"{}\"; choose another folder", op,
                     path.parent_path().string(), error.message());
    if (options_.save_weights_only) {
        training.save_weights(path);
    } else {
        training.save(path);
    }
    if (options_.verbose > 0) training.print(fmt::format("Epoch {}: saved {}", epoch_ + 1, path.string()));
}

}  // namespace samebits::callbacks
