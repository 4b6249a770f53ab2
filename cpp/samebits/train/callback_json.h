// Callbacks as JSON text, for recipes and Python.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "samebits/train/callback.h"

namespace samebits {

struct CallbackSpec {
    std::shared_ptr<Callback> callback;
    std::string json;  // with the defaults filled in
};
// {"type": "EarlyStopping", "patience": 3}: EarlyStopping, ModelCheckpoint, CSVLogger, ReduceLROnPlateau. Files are relative to
// `folder`. Throws InvalidArgument, TypeMismatch, and NotImplemented for Keras's others.
CallbackSpec read_callback(const std::string& json, const std::filesystem::path& folder = {});
inline std::shared_ptr<Callback> callback_from_json(const std::string& json, const std::filesystem::path& folder = {}) {
    return read_callback(json, folder).callback;
}

}  // namespace samebits
