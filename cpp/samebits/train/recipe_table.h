// One table of a recipe while it is read: typed values by key, errors with file and line, unknown keys refused. Internal.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/train/recipe_content.h"

namespace samebits {

class RecipeTable {
public:
    using Json = nlohmann::json;  // sorted keys

    RecipeTable(const Recipe::Content& content, const Json& json, std::string path)
        : content_(content), json_(json), path_(std::move(path)) {
        if (!json_.is_object()) stop<TypeMismatch>("", fmt::format("must be a table; got {}; write a table", json_.dump()));
    }

    template <class E = InvalidArgument>
    [[noreturn]] void stop(const std::string& key, const std::string& what) const {
        throw E(said(key, what));
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
        if (json == nullptr) stop(key, "is missing; got none; write it");
        return *json;
    }
    std::int64_t integer(const char* key, std::int64_t fallback, std::int64_t least) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_number_integer())
            stop<TypeMismatch>(key, fmt::format("must be a whole number; got {}; write such a number", json->dump()));
        if (json->get<std::int64_t>() < least)
            stop(key, fmt::format("must be at least {}; got {}; write such a number", least, json->dump()));
        return json->get<std::int64_t>();
    }
    double number(const char* key, double fallback) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_number()) stop<TypeMismatch>(key, fmt::format("must be a number; got {}; write a number", json->dump()));
        return json->get<double>();
    }
    bool flag(const char* key, bool fallback) {
        const Json* json = find(key);
        if (json == nullptr) return fallback;
        if (!json->is_boolean())
            stop<TypeMismatch>(key, fmt::format("must be true or false; got {}; write one of them", json->dump()));
        return json->get<bool>();
    }
    std::string text(const char* key) {
        const Json& json = need(key);
        if (!json.is_string()) stop<TypeMismatch>(key, fmt::format("must be text; got {}; write it in quotes", json.dump()));
        return json.get<std::string>();
    }
    // One of `known`, by its place; the first when the key is not there.
    std::size_t choice(const char* key, std::initializer_list<std::string_view> known) {
        if (find(key) == nullptr) return 0;
        const std::string given = text(key);
        const auto* const found = std::find(known.begin(), known.end(), given);
        if (found == known.end())
            stop(key, fmt::format("must be {}; got \"{}\"; choose one of them{}", list_of(known), given,
                                  did_you_mean(given, known)));
        return static_cast<std::size_t>(found - known.begin());
    }
    // Numbers; none when the key is not there.
    std::vector<double> numbers(const char* key) {
        std::vector<double> list;
        const Json* json = find(key);
        if (json == nullptr) return list;
        bool good = json->is_array();
        for (std::size_t i = 0; good && i < json->size(); ++i) {
            good = (*json)[i].is_number();
            if (good) list.push_back((*json)[i].get<double>());
        }
        if (!good)
            stop<TypeMismatch>(key, fmt::format("must be a list of numbers; got {}; write it in brackets", json->dump()));
        return list;
    }
    std::vector<std::filesystem::path> path_or_paths(const char* key) {
        return need(key).is_array() ? paths(key) : std::vector<std::filesystem::path>{text(key)};
    }
    std::vector<std::filesystem::path> paths(const char* key) {
        std::vector<std::filesystem::path> list;
        const Json& json = need(key);
        bool good = json.is_array() && !json.empty();
        for (std::size_t i = 0; good && i < json.size(); ++i) {
            good = json[i].is_string();
            if (good) list.emplace_back(json[i].get<std::string>());
        }
        if (!good)
            stop<TypeMismatch>(
                key, fmt::format("must be a list of file names, at least one; got {}; write them in brackets", json.dump()));
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
        if (!good)
            stop(key,
                 fmt::format("must be a list of whole numbers, each at least 1; got {}; write them in brackets", json->dump()));
        return dims;
    }
    // Runs body; what it refuses is said with this key's place.
    template <class F>
    auto at(const std::string& key, F&& body) const {
        return retold(std::forward<F>(body), [&](const char* what) { return said(key, what); });
    }
    void refuse_unknown() const {
        const std::vector<std::string_view> known(seen_.begin(), seen_.end());
        for (const auto& [key, value] : json_.items())
            if (seen_.count(key) == 0)
                stop(key, fmt::format("is unknown here; got {}; it takes {}{}", value.dump().substr(0, 80), list_of(known),
                                      did_you_mean(key, known)));
    }

private:
    std::string said(const std::string& key, std::string_view what) const {
        return fmt::format("[recipe] {}: {} {}", place(key), name(key), what);
    }
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

}  // namespace samebits
