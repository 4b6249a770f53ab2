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
#include "samebits/train/metric.h"
#include "samebits/train/model_json.h"
#include "samebits/train/recipe_content.h"
#include "samebits/version.h"

namespace samebits {
namespace {

using Json = nlohmann::json;  // sorted keys

constexpr std::size_t largest_file = 1 << 20;

// One table of the recipe: typed values by key, errors with file and line, unknown keys refused.
class Table {
public:
    Table(const Recipe::Content& content, const Json& json, std::string path)
        : content_(content), json_(json), path_(std::move(path)) {
        if (!json_.is_object()) stop<TypeMismatch>("", fmt::format("must be a table; got {}", json_.dump()));
    }

    template <class E = InvalidArgument>
    [[noreturn]] void stop(const std::string& key, const std::string& what) const {
        throw E(fmt::format("[recipe] {}: {} {}", place(key), name(key), what));
    }

    std::string place(const std::string& key) const {
        std::string path = key.empty() ? path_ : path_ + "/" + key;
        for (;; path.resize(path.rfind('/'))) {
            const auto it = content_.toml.lines.find(path);
            if (it != content_.toml.lines.end() && it->second > 0) return fmt::format("{}:{}", content_.file, it->second);
            if (path.empty()) return content_.file;
        }
    }

    const Json* find(const char* key) {
        seen_.insert(key);
        const auto it = json_.find(key);
        return it == json_.end() ? nullptr : &*it;
    }
    const Json& need(const char* key) {
        const Json* json = find(key);
        if (json == nullptr) stop(key, "is missing");
        return *json;
    }
    std::int64_t integer(const char* key, std::int64_t fallback, std::int64_t least) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_number_integer()) stop<TypeMismatch>(key, fmt::format("must be a whole number; got {}", json->dump()));
        if (json->get<std::int64_t>() < least) stop(key, fmt::format("must be at least {}; got {}", least, json->dump()));
        return json->get<std::int64_t>();
    }
    double number(const char* key, double fallback) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_number()) stop<TypeMismatch>(key, fmt::format("must be a number; got {}", json->dump()));
        return json->get<double>();
    }
    bool flag(const char* key, bool fallback) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_boolean()) stop<TypeMismatch>(key, fmt::format("must be true or false; got {}", json->dump()));
        return json->get<bool>();
    }
    std::string text(const char* key) {
        const Json& json = need(key);
        if (!json.is_string()) stop<TypeMismatch>(key, fmt::format("must be text; got {}", json.dump()));
        return json.get<std::string>();
    }
    // One of `known`, by its place; the first when the key is not there.
    std::size_t choice(const char* key, std::initializer_list<std::string_view> known) {
        if (find(key) == nullptr) return 0;
        const std::string given = text(key);
        const auto* const found = std::find(known.begin(), known.end(), given);
        if (found == known.end())
            stop(key, fmt::format("must be {}; got \"{}\"{}", list_of(known), given, did_you_mean(given, known)));
        return static_cast<std::size_t>(found - known.begin());
    }
    std::vector<std::filesystem::path> paths(const char* key) {
        std::vector<std::filesystem::path> list;
        const Json& json = need(key);
        bool good = json.is_array() && !json.empty();
        for (std::size_t i = 0; good && i < json.size(); ++i) {
            good = json[i].is_string();
            if (good) list.emplace_back(json[i].get<std::string>());
        }
        if (!good) stop<TypeMismatch>(key, fmt::format("must be a list of file names, at least one; got {}", json.dump()));
        return list;
    }
    Shape shape(const char* key) {
        Shape dims;
        const Json* json = find(key);
        if (json == nullptr) return dims;
        bool good = json->is_array() && !json->empty() && json->size() <= 8;
        for (std::size_t i = 0; good && i < json->size(); ++i) {
            good = (*json)[i].is_number_integer() && (*json)[i].get<std::int64_t>() >= 1;
            if (good) dims.push_back((*json)[i].get<std::int64_t>());
        }
        if (!good) stop(key, fmt::format("must be a list of whole numbers, each at least 1; got {}", json->dump()));
        return dims;
    }
    // Runs body; what it refuses is said with this key's place.
    template <class F>
    auto at(const std::string& key, F&& body) const {
        try {
            return body();
        } catch (const NotImplemented& error) {
            stop<NotImplemented>(key, error.what());
        } catch (const TypeMismatch& error) {
            stop<TypeMismatch>(key, error.what());
        } catch (const InvalidArgument& error) {
            stop(key, error.what());
        }
    }
    void refuse_unknown() const {
        const std::vector<std::string_view> known(seen_.begin(), seen_.end());
        for (const auto& [key, value] : json_.items())
            if (seen_.count(key) == 0)
                stop(key, fmt::format("is unknown here; it takes {}{}", list_of(known), did_you_mean(key, known)));
    }

private:
    std::string name(const std::string& key) const {
        std::string text = path_.empty() ? "" : path_.substr(1);
        if (!key.empty()) text += (text.empty() ? "" : ".") + key;
        for (char& c : text) c = c == '/' ? '.' : c;
        return text.empty() ? "the recipe" : text;
    }

    const Recipe::Content& content_;
    const Json& json_;
    std::string path_;
    std::set<std::string> seen_;
};

constexpr std::string_view sources[] = {"digits", "npy", "csv", "idx", "cifar"};  // DataSource
constexpr const char* cifar_variant[] = {"cifar10", "cifar100", "cifar100"};      // Cifar
constexpr const char* cifar_label[] = {"fine", "fine", "coarse"};

Cifar read_cifar_kind(Table& table) {
    const bool hundred = table.choice("variant", {"cifar10", "cifar100"}) == 1;
    const bool coarse = table.choice("label", {"fine", "coarse"}) == 1;
    if (coarse && !hundred) table.stop("label", "must be \"fine\" for cifar10, which has one label an image; got \"coarse\"");
    if (!hundred) return Cifar::ten;
    return coarse ? Cifar::hundred_coarse : Cifar::hundred_fine;
}

DataSpec read_data(Table table) {
    DataSpec data;
    const std::string source = table.text("source");
    const auto* found = std::find(std::begin(sources), std::end(sources), source);
    if (found == std::end(sources))
        table.stop("source", fmt::format("must be {}; got \"{}\"{}", list_of(sources), source, did_you_mean(source, sources)));
    data.source = static_cast<DataSource>(found - std::begin(sources));
    if (data.source == DataSource::npy) {
        data.x = table.text("x");
        data.y = table.text("y");
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
    data.divide = table.number("divide", 1.0);
    if (!(static_cast<float>(data.divide) != 0 && std::abs(static_cast<float>(data.divide)) <= 3.4e38F))
        table.stop("divide", fmt::format("must be finite and not zero in float32; got {}", data.divide));
    data.validation_split = table.number("validation_split", 0.0);
    if (!(data.validation_split >= 0 && data.validation_split < 1))
        table.stop("validation_split", fmt::format("must be in [0, 1); got {}", data.validation_split));
    table.refuse_unknown();
    return data;
}

std::vector<Layer> read_layers(Table table) {
    const Json& list = table.need("layers");
    if (!list.is_array() || list.empty()) table.stop<TypeMismatch>("layers", "must be a list of layers");
    table.refuse_unknown();
    std::vector<Layer> layers;
    for (std::size_t i = 0; i < list.size(); ++i)
        layers.push_back(table.at("layers/" + std::to_string(i), [&] { return layer_from_json(list[i].dump()); }));
    return layers;
}

void read_train(Table table, Recipe::Content& content) {
    const Json& optimizer = table.need("optimizer");
    content.optimizer = table.at("optimizer", [&] { return optimizer_to_json(optimizer_from_json(optimizer.dump())); });
    const Json& loss = table.need("loss");
    content.loss = table.at("loss", [&] { return loss_to_json(loss_from_json(loss.dump())); });
    if (const Json* metrics = table.find("metrics")) {
        if (!metrics->is_array())
            table.stop<TypeMismatch>("metrics", fmt::format("must be a list of names; got {}", metrics->dump()));
        for (const Json& metric : *metrics) {
            if (!metric.is_string()) table.stop<TypeMismatch>("metrics", fmt::format("must be names; got {}", metric.dump()));
            content.metrics.push_back(metric.get<std::string>());
        }
        table.at("metrics", [&] { check_metric_names(content.metrics); });
    }
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

std::string canonical_json(const Recipe::Content& c) {
    Json data{{"source", sources[static_cast<int>(c.data.source)]},
              {"shape", c.data.shape},
              {"divide", c.data.divide},
              {"validation_split", c.data.validation_split}};
    if (c.data.source == DataSource::npy) data.update(Json{{"x", c.data.x.string()}, {"y", c.data.y.string()}});
    if (c.data.source == DataSource::csv)
        data.update(Json{{"path", c.data.x.string()}, {"header", c.data.header}, {"label", c.data.label}});
    if (c.data.source == DataSource::idx) data.update(Json{{"images", c.data.x.string()}, {"labels", c.data.y.string()}});
    if (c.data.source == DataSource::cifar) {
        const auto kind = static_cast<int>(c.data.cifar);
        data.update(Json{{"variant", cifar_variant[kind]}, {"label", cifar_label[kind]}, {"paths", Json::array()}});
        for (const auto& path : c.data.paths) data["paths"].push_back(path.string());
    }
    Json layers = Json::array();
    for (const Layer& layer : c.layers) layers.push_back(Json::parse(to_json(layer)));
    const Json json{{"profile", profile},
                    {"seed", c.seed},
                    {"data", data},
                    {"model", {{"layers", layers}}},
                    {"train",
                     {{"optimizer", Json::parse(c.optimizer)},
                      {"loss", Json::parse(c.loss)},
                      {"metrics", c.metrics},
                      {"epochs", c.epochs},
                      {"batch_size", c.batch_size},
                      {"shuffle", c.shuffle}}}};
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
        root.stop<NotImplemented>("profile",
                                  fmt::format("must be {}, the numerics profile of this version; got {}", profile, wanted));
    content->seed = static_cast<std::uint64_t>(root.integer("seed", 0, 0));
    content->data = read_data(Table(*content, root.need("data"), "/data"));
    content->layers = read_layers(Table(*content, root.need("model"), "/model"));
    read_train(Table(*content, root.need("train"), "/train"), *content);
    root.refuse_unknown();
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
    require(text.size() <= largest_file, "[recipe] {} is larger than 1 MiB; got no recipe", path.string());
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
