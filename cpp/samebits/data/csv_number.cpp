#include "samebits/data/csv_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace samebits {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// from_chars says "out of range" of both ends. A decimal number d.ddd * 10^e with e > 0 was too large, else it is nearest to
// 0, because binary64 holds everything in between. `field` is a valid number whose digits are not all 0.
bool past_the_large_end(std::string_view field) {
    const std::size_t exponent_at = field.find_first_of("eE");
    const std::string_view digits = field.substr(0, exponent_at);
    const auto first = static_cast<std::int64_t>(digits.find_first_of("123456789"));
    const auto point = static_cast<std::int64_t>(std::min(digits.find('.'), digits.size()));
    std::int64_t exponent = 0;
    if (exponent_at != std::string_view::npos) {
        std::string_view text = field.substr(exponent_at + 1);
        if (text.starts_with('+')) text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error != std::errc{}) return !text.starts_with('-');
    }
    return exponent > first - point;  // no sum: the exponent may be the largest there is
}

}  // namespace

bool parse_number(std::string_view field, float& value) {
    if (field.empty()) return false;
    // Whole numbers below 10^9 are exact in binary64: the bulk of image files, and several times faster than from_chars.
    std::uint32_t whole = 0;
    std::size_t i = 0;
    for (; i < field.size() && i < 9 && is_digit(field[i]); ++i)
        whole = whole * 10 + static_cast<std::uint32_t>(field[i] - '0');
    if (i == field.size()) {
        value = static_cast<float>(whole);
        return true;
    }
    if (field[0] == '+' && field.size() > 1 && field[1] != '-') field.remove_prefix(1);
    double wide = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), wide);
    if (error == std::errc::invalid_argument || end != field.data() + field.size()) return false;
    if (error == std::errc::result_out_of_range) {
        if (past_the_large_end(field)) return false;
        wide = field[0] == '-' ? -0.0 : 0.0;
    }
    value = static_cast<float>(wide);
    return std::isfinite(value);
}

}  // namespace samebits
