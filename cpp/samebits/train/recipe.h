// A recipe: everything that affects the result and nothing that does not. TOML; paths are relative to the file.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "samebits/base/api.h"
#include "samebits/train/history.h"
#include "samebits/train/hooks.h"
#include "samebits/train/model.h"

namespace samebits {

class SAMEBITS_API Recipe {
public:
    // Throws IoError (missing, unreadable) or InvalidArgument (unknown key with the nearest, wrong type, unsupported
    // profile), each with file and line.
    static Recipe load(const std::filesystem::path& path);
    // From text; `directory` is what paths are relative to.
    static Recipe parse(const std::string& toml, const std::filesystem::path& directory = ".");

    // A recipe with one value replaced: set("train.epochs", "2"); the value is read as TOML, else as a string.
    [[nodiscard]] Recipe set(const std::string& key, const std::string& value) const;

    // SHA-256, 64 hex digits: sorted-key JSON with defaults filled in (the law, section 8).
    [[nodiscard]] std::string identity() const;
    // That JSON.
    [[nodiscard]] std::string to_json() const;

    struct Content;
    [[nodiscard]] const Content& content() const { return *content_; }

private:
    explicit Recipe(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
    std::shared_ptr<const Content> content_;
};

struct Run {
    Model model;
    History history;
    Metrics test;  // of the test part, when the source has one ("digits")
    [[nodiscard]] std::string digest() const { return model.digest(); }
};

struct TrainOptions {
    Verbose verbose = Verbose::automatic;
    RunHooks hooks{};
    std::filesystem::path out{};  // a folder for model.safetensors and history.json; "" for none
};

// Reads the data, builds, compiles, fits.
SAMEBITS_API Run train(const Recipe& recipe, const TrainOptions& options = {});
// What train() would need, before running.
SAMEBITS_API MemoryPlan plan(const Recipe& recipe);

}  // namespace samebits
