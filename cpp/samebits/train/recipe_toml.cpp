// The only file that knows toml++.
#include <toml++/toml.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "samebits/base/check.h"
#include "samebits/train/recipe_content.h"

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;

class Converter {
public:
    Converter(const std::string& file, std::map<std::string, int>& lines) : file_(file), lines_(lines) {}

    Json convert(const toml::node& node, const std::string& path) {
        lines_[path] = static_cast<int>(node.source().begin.line);
        if (const auto* table = node.as_table()) {
            Json json = Json::object();
            for (const auto& [key, value] : *table) {
                const std::string name(key.str());
                json[name] = convert(value, path + "/" + name);
            }
            return json;
        }
        if (const auto* array = node.as_array()) {
            Json json = Json::array();
            for (std::size_t i = 0; i < array->size(); ++i)
                json.push_back(convert(*array->get(i), path + "/" + std::to_string(i)));
            return json;
        }
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* number = node.as_integer()) return number->get();
        if (const auto* number = node.as_floating_point()) return number->get();
        if (const auto* flag = node.as_boolean()) return flag->get();
        fail("[recipe] {}:{}: dates have no meaning in a recipe; got one at {}", file_, lines_[path], path);
    }

private:
    const std::string& file_;
    std::map<std::string, int>& lines_;
};

}  // namespace

TomlText read_toml(const std::string& text, const std::string& file) {
    try {
        const toml::table table = toml::parse(text, file);
        TomlText result;
        result.json = Converter(file, result.lines).convert(table, "").dump();
        return result;
    } catch (const toml::parse_error& error) {
        fail("[recipe] {}:{}: not TOML: {}", file, error.source().begin.line, error.description());
    } catch (const Json::exception&) {
        fail("[recipe] {}: text must be UTF-8", file);
    }
}

}  // namespace samebits
