#include "samebits/train/json_arguments.h"

#include <string_view>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {

const JsonArguments::Json* JsonArguments::find(const char* key) {
    known_.insert(key);
    const auto it = given_.find(key);
    return it == given_.end() || it->is_null() ? nullptr : &*it;
}

const JsonArguments::Json* JsonArguments::find_or(const char* key, const Json& fallback) {
    const Json* value = find(key);
    if (value == nullptr) full_[key] = fallback;
    return value;
}

template <class T>
T JsonArguments::as(const char* key, const Json& value, bool good, const char* what) const {
    require<TypeMismatch>(good, "[{}] {} must be {}; got {}={}; change its type", op_, key, what, key,
                          value.dump().substr(0, 80));
    return value.get<T>();
}

double JsonArguments::number(const char* key, double fallback) {
    const double value = number_or_none(key).value_or(fallback);
    full_[key] = value;
    return value;
}

std::optional<double> JsonArguments::number_or_none(const char* key) {
    const Json* value = find(key);
    if (value == nullptr) {
        full_[key] = nullptr;
        return {};
    }
    return as<double>(key, *value, value->is_number(), "a number");
}

std::int64_t JsonArguments::whole(const char* key, std::int64_t fallback) {
    const Json* value = find_or(key, fallback);
    return value == nullptr ? fallback : as<std::int64_t>(key, *value, value->is_number_integer(), "a whole number");
}

bool JsonArguments::flag(const char* key, bool fallback) {
    const Json* value = find_or(key, fallback);
    return value == nullptr ? fallback : as<bool>(key, *value, value->is_boolean(), "true or false");
}

std::string JsonArguments::text(const char* key, const std::string& fallback) {
    const Json* value = find_or(key, fallback);
    return value == nullptr ? fallback : as<std::string>(key, *value, value->is_string(), "text");
}

std::string JsonArguments::need_text(const char* key) {
    require(find(key) != nullptr, "[{}] {} is needed; got none; give it", op_, key);
    return text(key, "");
}

bool JsonArguments::is_whole(const char* key) const {
    const auto it = given_.find(key);
    return it != given_.end() && it->is_number_integer();
}

void JsonArguments::refuse_unknown() const {
    const std::vector<std::string_view> known(known_.begin(), known_.end());
    for (const auto& [key, value] : given_.items())
        require(key == "type" || known_.count(key) == 1, "[{}] unknown argument; got \"{}\"; it takes {}{}", op_, key,
                list_of(known), did_you_mean(key, known));
}

}  // namespace samebits
