// The arguments of a thing that is told as {"type": ..., ...}: typed values by key, defaults for what is not there or null.
// Internal.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

namespace samebits {

class JsonArguments {
public:
    using Json = nlohmann::ordered_json;

    // op names the thing in errors. Values of another type throw TypeMismatch.
    JsonArguments(std::string op, const Json& json) : op_(std::move(op)), given_(json), full_(json) {}

    double number(const char* key, double fallback);
    std::optional<double> number_or_none(const char* key);
    std::int64_t whole(const char* key, std::int64_t fallback);
    bool flag(const char* key, bool fallback);
    std::string text(const char* key, const std::string& fallback);
    // Throws InvalidArgument when it is missing.
    std::string need_text(const char* key);
    [[nodiscard]] bool is_whole(const char* key) const;
    // Throws InvalidArgument for a key that nothing asked for.
    void refuse_unknown() const;
    // What was given, and the defaults of all else that was asked for.
    [[nodiscard]] const Json& in_full() const { return full_; }

private:
    const Json* find(const char* key);
    const Json* find_or(const char* key, const Json& fallback);
    template <class T>
    T as(const char* key, const Json& value, bool good, const char* what) const;

    std::string op_;
    const Json& given_;
    Json full_;
    std::set<std::string, std::less<>> known_;
};

}  // namespace samebits
