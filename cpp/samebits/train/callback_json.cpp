#include "samebits/train/callback_json.h"

#include <algorithm>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/train/callbacks.h"
#include "samebits/train/json_arguments.h"
#include "samebits/train/json_text.h"

namespace samebits {
namespace {

constexpr std::string_view known[] = {"EarlyStopping", "ModelCheckpoint", "CSVLogger", "ReduceLROnPlateau"};
constexpr std::string_view functions[] = {"LearningRateScheduler", "LambdaCallback"};
constexpr std::string_view not_yet[] = {"BackupAndRestore", "RemoteMonitor", "SwapEMAWeights", "TensorBoard", "TerminateOnNaN"};

template <std::size_t N>
bool holds(const std::string_view (&list)[N], const std::string& type) {
    return std::find(std::begin(list), std::end(list), type) != std::end(list);
}

int verbose_of(JsonArguments& a) { return a.whole("verbose", 0) > 0 ? 1 : 0; }

std::shared_ptr<Callback> early_stopping(JsonArguments& a) {
    callbacks::EarlyStoppingOptions options;
    options.monitor = a.text("monitor", options.monitor);
    options.min_delta = a.number("min_delta", options.min_delta);
    options.patience = a.whole("patience", options.patience);
    options.verbose = verbose_of(a);
    options.mode = callbacks::mode_from("EarlyStopping", a.text("mode", "auto"));
    options.baseline = a.number_or_none("baseline");
    options.restore_best_weights = a.flag("restore_best_weights", options.restore_best_weights);
    options.start_from_epoch = a.whole("start_from_epoch", options.start_from_epoch);
    return std::make_shared<callbacks::EarlyStopping>(options);
}

std::shared_ptr<Callback> model_checkpoint(JsonArguments& a, const std::filesystem::path& folder) {
    callbacks::ModelCheckpointOptions options;
    options.filepath = a.need_text("filepath");
    options.monitor = a.text("monitor", options.monitor);
    options.verbose = verbose_of(a);
    options.save_best_only = a.flag("save_best_only", options.save_best_only);
    options.save_weights_only = a.flag("save_weights_only", options.save_weights_only);
    options.mode = callbacks::mode_from("ModelCheckpoint", a.text("mode", "auto"));
    options.initial_value_threshold = a.number_or_none("initial_value_threshold");
    options.folder = folder;
    if (a.is_whole("save_freq")) {
        options.save_freq = a.whole("save_freq", 0);
        require(options.save_freq >= 1,
                "[ModelCheckpoint] save_freq must be \"epoch\" or at least 1; got save_freq={}; give such a number",
                options.save_freq);
    } else {
        const std::string when = a.text("save_freq", "epoch");
        require(
            when == "epoch",
            "[ModelCheckpoint] save_freq must be \"epoch\" or a number of batches; got save_freq=\"{}\"; choose one of them",
            when);
    }
    return std::make_shared<callbacks::ModelCheckpoint>(options);
}

std::shared_ptr<Callback> csv_logger(JsonArguments& a, const std::filesystem::path& folder) {
    const std::string filename = a.need_text("filename");
    require(!filename.empty(), "[CSVLogger] filename names a file; got an empty one; name one");
    return std::make_shared<callbacks::CSVLogger>(folder / filename, a.text("separator", ","), a.flag("append", false));
}

std::shared_ptr<Callback> reduce_lr_on_plateau(JsonArguments& a) {
    callbacks::ReduceLROnPlateauOptions options;
    options.monitor = a.text("monitor", options.monitor);
    options.factor = a.number("factor", options.factor);
    options.patience = a.whole("patience", options.patience);
    options.verbose = verbose_of(a);
    options.mode = callbacks::mode_from("ReduceLROnPlateau", a.text("mode", "auto"));
    options.min_delta = a.number("min_delta", options.min_delta);
    options.cooldown = a.whole("cooldown", options.cooldown);
    options.min_lr = a.number("min_lr", options.min_lr);
    return std::make_shared<callbacks::ReduceLROnPlateau>(options);
}

}  // namespace

CallbackSpec read_callback(const std::string& text, const std::filesystem::path& folder) {
    const auto json = parse(text);
    const std::string type = type_of("callbacks", json);
    require(!holds(functions, type),
            "[callbacks] {} is made of functions, which text cannot hold; got type=\"{}\"; use it from Python or C++", type,
            type);
    require<NotImplemented>(!holds(not_yet, type), "[callbacks] {} is not implemented yet; got type=\"{}\"; use {}", type, type,
                            list_of(known));
    require(holds(known, type), "[callbacks] unknown callback; got type=\"{}\"; use {}{}", type, list_of(known),
            did_you_mean(type, known));
    JsonArguments arguments(type, json);
    std::shared_ptr<Callback> callback = type == "EarlyStopping"     ? early_stopping(arguments)
                                         : type == "ModelCheckpoint" ? model_checkpoint(arguments, folder)
                                         : type == "CSVLogger"       ? csv_logger(arguments, folder)
                                                                     : reduce_lr_on_plateau(arguments);
    arguments.refuse_unknown();
    return {std::move(callback), arguments.in_full().dump()};
}

}  // namespace samebits
