// The only file that knows toml++.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/train/recipe_content.h"

// toml++ asserts what a file may break ("[=" in version 3.3), and then refuses it as it should. So that this is never an
// abort, nor with Clang and NDEBUG an assumption of the optimizer, its assertions are empty in every build.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;

constexpr int most_levels = 32;
constexpr int most_dots = 4096;

// Every dot between two others' characters may be a level of a dotted key, and toml++ walks and frees its tables by
// recursion: 200,000 levels in one key end the stack.
void require_few_dots(const std::string& text, const std::string& file) {
    int dots = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        dots += text[i] == '.' && (i == 0 || text[i - 1] != '.') && (i + 1 == text.size() || text[i + 1] != '.') ? 1 : 0;
    require(dots <= most_dots, "[recipe] {}: a recipe has at most {} dots in its keys and numbers; got {}; shorten it", file,
            most_dots, dots);
}

// Behind the text in quotes that starts at `at`, or behind its line where it does not end.
std::size_t behind_text(const std::string& text, std::size_t at) {
    const char quote = text[at];
    const std::string three(3, quote);
    const bool lines = text.compare(at, 3, three) == 0;
    at += lines ? 3 : 1;
    while (at < text.size() && (lines || text[at] != '\n')) {
        if (text[at] == quote && (!lines || text.compare(at, 3, three) == 0)) {
            at += lines ? 3 : 1;
            for (int more = 0; lines && more < 2 && at < text.size() && text[at] == quote; ++more)
                ++at;  // """the last may be a "quote""""
            return at;
        }
        at += text[at] == '\\' && quote == '"' ? 2 : 1;
    }
    return std::min(at, text.size());
}

// TOML has characters beyond ASCII in texts and comments only. Looked at here because elsewhere most of them run toml++ 3.3
// into undefined behaviour (is_non_ascii_horizontal_whitespace has no case for them).
void require_ascii_outside_texts(const std::string& text, const std::string& file) {
    int line = 1;
    for (std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; at < text.size();) {
        std::size_t next = at + 1;
        if (text[at] == '#') {
            next = std::min(text.find('\n', at), text.size());
        } else if (text[at] == '"' || text[at] == '\'') {
            next = behind_text(text, at);
        } else {
            require((text[at] & 0x80) == 0,
                    "[recipe] {}:{}: characters beyond ASCII stand in quotes; got the byte {:#x}; quote it", file, line,
                    text[at] & 0xff);
        }
        line += static_cast<int>(std::count(text.data() + at, text.data() + next, '\n'));
        at = next;
    }
}

class Converter {
public:
    Converter(const std::string& file, std::map<std::string, int>& lines) : file_(file), lines_(lines) {}

    Json convert(const toml::node& node, const std::string& path, int level = 0) {
        lines_[path] = static_cast<int>(node.source().begin.line);
        require(level <= most_levels, "[recipe] {}:{}: tables and lists are at most {} deep; got more; make it flatter", file_,
                lines_[path], most_levels);
        if (const auto* table = node.as_table()) {
            Json json = Json::object();
            for (const auto& [key, value] : *table) {
                const std::string name = whole(std::string(key.str()), lines_[path]);
                json[name] = convert(value, path + "/" + name, level + 1);
            }
            return json;
        }
        if (const auto* array = node.as_array()) {
            Json json = Json::array();
            for (std::size_t i = 0; i < array->size(); ++i)
                json.push_back(convert(*array->get(i), path + "/" + std::to_string(i), level + 1));
            return json;
        }
        if (const auto* text = node.as_string()) return whole(text->get(), lines_[path]);
        if (const auto* number = node.as_integer()) return number->get();
        if (const auto* number = node.as_floating_point()) {
            // JSON has no word for these: they would be read as "not given".
            require(std::isfinite(number->get()), "[recipe] {}:{}: numbers must be finite; got {} at {}; write a finite number",
                    file_, lines_[path], number->get(), path);
            return number->get();
        }
        if (const auto* flag = node.as_boolean()) return flag->get();
        fail("[recipe] {}:{}: dates have no meaning in a recipe; got one at {}; write it as text", file_, lines_[path], path);
    }

private:
    // "\u0000" would end the names of files and the texts of errors where it stands.
    std::string whole(std::string text, int line) const {
        require(text.find('\0') == std::string::npos, "[recipe] {}:{}: texts have no NUL; got one; write another character",
                file_, line);
        return text;
    }

    const std::string& file_;
    std::map<std::string, int>& lines_;
};

}  // namespace

TomlText read_toml(const std::string& text, const std::string& file) {
    const FpGuard guard;  // decimal text is rounded to nearest
    require_few_dots(text, file);
    require_ascii_outside_texts(text, file);
    try {
        const toml::table table = toml::parse(text, file);
        TomlText result;
        result.json = Converter(file, result.lines).convert(table, "").dump();
        return result;
    } catch (const toml::parse_error& error) {
        fail("[recipe] {}:{}: not TOML; got this error: {}; correct it", file, error.source().begin.line, error.description());
    } catch (const Json::exception&) {
        fail("[recipe] {}: text must be UTF-8; got bytes that are not; save it as UTF-8", file);
    }
}

}  // namespace samebits
