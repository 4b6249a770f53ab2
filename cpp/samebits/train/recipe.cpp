#include "samebits/train/recipe.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/hash.h"
#include "samebits/base/names.h"
#include "samebits/graph/layer_config.h"
#include "samebits/train/callback_json.h"
#include "samebits/train/loss_json.h"
#include "samebits/train/model_json.h"
#include "samebits/train/recipe_content.h"
#include "samebits/train/recipe_model.h"
#include "samebits/train/recipe_table.h"
#include "samebits/version.h"

namespace samebits {
namespace {

using Json = nlohmann::json;  // sorted keys

constexpr std::size_t largest_file = 1 << 20;

using Table = RecipeTable;

constexpr std::string_view sources[] = {"digits", "npy", "csv", "idx", "cifar"};  // DataSource
constexpr std::string_view sources_not_yet[] = {"image_folder"};                  // JPEG and PNG
constexpr const char* cifar_variant[] = {"cifar10", "cifar100", "cifar100"};      // Cifar
constexpr const char* cifar_label[] = {"fine", "fine", "coarse"};

Cifar read_cifar_kind(Table& table) {
    const bool hundred = table.choice("variant", {"cifar10", "cifar100"}) == 1;
    const bool coarse = table.choice("label", {"fine", "coarse"}) == 1;
    if (coarse && !hundred)
        table.stop("label", "must be \"fine\" for cifar10, which has one label an image; got \"coarse\"; leave it out");
    if (!hundred) return Cifar::ten;
    return coarse ? Cifar::hundred_coarse : Cifar::hundred_fine;
}

DataSpec read_data(Table table) {
    DataSpec data;
    const std::string source = table.text("source");
    if (is_one_of(source, sources_not_yet))
        table.stop<NotImplemented>("source",
                                   fmt::format("is not implemented yet; got \"{}\"; use {}", source, list_of(sources)));
    const auto* found = std::find(std::begin(sources), std::end(sources), source);
    if (found == std::end(sources))
        table.stop("source", fmt::format("must be {}; got \"{}\"; choose one of them{}", list_of(sources), source,
                                         did_you_mean(source, sources)));
    data.source = static_cast<DataSource>(found - std::begin(sources));
    if (data.source == DataSource::npy) {
        data.paths = table.path_or_paths("x");
        data.y_paths = table.path_or_paths("y");
    }
    if (data.source == DataSource::csv) {
        data.x = table.text("path");
        data.header = table.flag("header", false);
        data.label = table.integer("label", 0, 0);
    }
    if (data.source == DataSource::idx) {
        data.x = table.text("images");
        data.y = table.text("labels");
    }
    if (data.source == DataSource::cifar) {
        data.paths = table.paths("paths");
        data.cifar = read_cifar_kind(table);
    }
    data.shape = table.shape("shape");
    table.at("shape", [&] { element_count(data.shape); });
    data.divide = table.number("divide", 1.0);
    if (!(static_cast<float>(data.divide) != 0 && std::abs(static_cast<float>(data.divide)) <= 3.4e38F))
        table.stop("divide", fmt::format("must be finite and not zero in float32; got {}; give such a number", data.divide));
    data.validation_split = table.number("validation_split", 0.0);
    if (!(data.validation_split >= 0 && data.validation_split < 1))
        table.stop("validation_split",
                   fmt::format("must be in [0, 1); got {}; give a number in this range", data.validation_split));
    table.refuse_unknown();
    return data;
}

std::vector<MetricSpec> read_metrics(const Table& table, const Json& json) {
    if (!json.is_array())
        table.stop<TypeMismatch>("metrics",
                                 fmt::format("must be a list of metrics; got {}; write [\"accuracy\"]", json.dump()));
    return table.at("metrics", [&] { return metrics_from_json(json.dump()); });
}

std::vector<std::string> read_callbacks(const Table& table, const Json& list, const std::filesystem::path& folder) {
    if (!list.is_array())
        table.stop<TypeMismatch>("callbacks",
                                 fmt::format("must be a list of callbacks; got {}; write it in brackets", list.dump()));
    std::vector<std::string> callbacks;
    for (std::size_t i = 0; i < list.size(); ++i)
        table.at("callbacks/" + std::to_string(i), [&] { callbacks.push_back(read_callback(list[i].dump(), folder).json); });
    return callbacks;
}

void read_train(Table table, Recipe::Content& content) {
    const Json& optimizer = table.need("optimizer");
    content.optimizer = table.at("optimizer", [&] { return optimizer_to_json(optimizer_from_json(optimizer.dump())); });
    const Json& loss = table.need("loss");
    content.loss = table.at("loss", [&] { return losses_to_json(losses_from_json(loss.dump())); });
    content.loss_weights = table.numbers("loss_weights");
    if (const Json* metrics = table.find("metrics")) {
        // A list of metrics; with several outputs a list of such lists.
        const bool lists = metrics->is_array() && !metrics->empty() && (*metrics)[0].is_array();
        if (lists) {
            for (const Json& names : *metrics) content.output_metrics.push_back(read_metrics(table, names));
        } else {
            content.metrics = read_metrics(table, *metrics);
        }
    }
    if (const Json* callbacks = table.find("callbacks"))
        content.callbacks = read_callbacks(table, *callbacks, content.directory);
    content.epochs = table.integer("epochs", 1, 0);
    content.batch_size = table.integer("batch_size", 32, 1);
    content.shuffle = table.flag("shuffle", true);
    table.refuse_unknown();
}

// Floats as the 16 hex digits of binary64 (the law, section 8).
Json hex_floats(const Json& json) {
    if (json.is_number_float()) return fmt::format("{:016x}", std::bit_cast<std::uint64_t>(json.get<double>()));
    Json result = json;
    if (json.is_structured())
        for (auto it = result.begin(); it != result.end(); ++it) *it = hex_floats(*it);
    return result;
}

// One file as text, several as a list.
Json names_of(const std::vector<std::filesystem::path>& paths) {
    if (paths.size() == 1) return paths[0].string();
    Json list = Json::array();
    for (const auto& path : paths) list.push_back(path.string());
    return list;
}

std::string canonical_json(const Recipe::Content& c) {
    Json data{{"source", sources[static_cast<int>(c.data.source)]},
              {"shape", c.data.shape},
              {"divide", c.data.divide},
              {"validation_split", c.data.validation_split}};
    if (c.data.source == DataSource::npy) data.update(Json{{"x", names_of(c.data.paths)}, {"y", names_of(c.data.y_paths)}});
    if (c.data.source == DataSource::csv)
        data.update(Json{{"path", c.data.x.string()}, {"header", c.data.header}, {"label", c.data.label}});
    if (c.data.source == DataSource::idx) data.update(Json{{"images", c.data.x.string()}, {"labels", c.data.y.string()}});
    if (c.data.source == DataSource::cifar) {
        const auto kind = static_cast<int>(c.data.cifar);
        data.update(Json{{"variant", cifar_variant[kind]}, {"label", cifar_label[kind]}, {"paths", Json::array()}});
        for (const auto& path : c.data.paths) data["paths"].push_back(path.string());
    }
    Json json{{"profile", profile},
              {"seed", c.seed},
              {"data", data},
              {"model", Json::parse(model_to_json(c.model))},
              {"train",
               {{"optimizer", Json::parse(c.optimizer)},
                {"loss", Json::parse(c.loss)},
                {"metrics", Json::parse(metrics_to_json(c.metrics))},
                {"epochs", c.epochs},
                {"batch_size", c.batch_size},
                {"shuffle", c.shuffle}}}};
    if (!c.loss_weights.empty()) json["train"]["loss_weights"] = c.loss_weights;
    for (std::size_t i = 0; i < c.output_metrics.size(); ++i)
        json["train"]["metrics"][i] = Json::parse(metrics_to_json(c.output_metrics[i]));
    for (const std::string& callback : c.callbacks) json["train"]["callbacks"].push_back(Json::parse(callback));
    return hex_floats(json).dump();
}

std::shared_ptr<const Recipe::Content> read(TomlText toml, const std::string& file, const std::filesystem::path& directory) {
    const FpGuard guard;
    auto content = std::make_shared<Recipe::Content>();
    content->file = file;
    content->directory = directory;
    content->toml = std::move(toml);
    const Json json = Json::parse(content->toml.json);
    Table root(*content, json, "");
    const std::int64_t wanted = root.integer("profile", profile, 1);
    if (wanted != profile)
        root.stop<NotImplemented>(
            "profile", fmt::format("must be {}, the numerics profile of this version; got {}; use the version that has it",
                                   profile, wanted));
    content->seed = static_cast<std::uint64_t>(root.integer("seed", 0, 0));
    content->data = read_data(Table(*content, root.need("data"), "/data"));
    content->model = read_model(Table(*content, root.need("model"), "/model"));
    read_train(Table(*content, root.need("train"), "/train"), *content);
    root.refuse_unknown();
    const std::vector<Layer>& chain = content->model.chain;
    if (!chain.empty() && (chain[0].type() == "InputLayer" || !content->data.shape.empty()))
        check_chain(*content, content->data.shape);
    content->canonical = canonical_json(*content);
    return content;
}

}  // namespace

Recipe Recipe::load(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    require<IoError>(file.good() && !std::filesystem::is_directory(path),
                     "[recipe] cannot read {}; got no such file; check the path", path.string());
    std::string text(largest_file + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    require(text.size() <= largest_file, "[recipe] {} must be at most 1 MiB; got more; name a recipe", path.string());
    return Recipe(read(read_toml(text, path.string()), path.string(), path.parent_path()));
}

Recipe Recipe::parse(const std::string& toml, const std::filesystem::path& directory) {
    return Recipe(read(read_toml(toml, "recipe"), "recipe", directory));
}

Recipe Recipe::set(const std::string& key, const std::string& value) const {
    const FpGuard guard;
    const std::string file = fmt::format("--set {}={}", key, value);
    Json replacement = value;  // a bare word is text
    try {
        const Json read_value = Json::parse(read_toml("v = " + value, file).json);
        if (read_value.size() == 1) replacement = read_value["v"];
    } catch (const InvalidArgument&) {
    }
    std::string pointer = "/" + key;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    TomlText toml = content_->toml;
    Json json = Json::parse(toml.json);
    try {
        // A key may be new, its table not; a list does not grow.
        const Json::json_pointer place(pointer);
        Json& table = json.at(place.parent_pointer());
        (table.is_array() ? json.at(place) : table[place.back()]) = replacement;
        toml.json = json.dump();
    } catch (const Json::exception&) {
        fail("[recipe] no such place, or text that is not UTF-8; got {}; do --set train.epochs=2", file);
    }
    toml.lines.erase(pointer);
    return Recipe(read(std::move(toml), content_->file + " with " + file, content_->directory));
}

std::string Recipe::identity() const {
    Sha256 sha;
    sha.update(content_->canonical);
    return hex(sha.finish());
}

std::string Recipe::to_json() const { return content_->canonical; }

}  // namespace samebits
