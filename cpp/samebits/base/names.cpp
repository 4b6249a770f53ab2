#include "samebits/base/names.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace samebits {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Levenshtein's distance, letters' case ignored.
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t change = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view name, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t fewest = name.size() / 2 + 1;
    for (const std::string_view candidate : known) {
        const std::size_t n = edits(name, candidate);
        if (n < fewest) {
            fewest = n;
            best = candidate;
        }
    }
    return std::string(best);
}

std::string list_of(std::span<const std::string_view> names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> known) {
    const std::string near = nearest(name, known);
    return near.empty() ? "" : "; did you mean \"" + near + "\"?";
}

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
    const auto bare = [](std::string_view text) {
        std::string letters;
        for (const char c : text)
            if (c != '_') letters += lower(c);
        return letters;
    };
    return std::any_of(names.begin(), names.end(), [&](std::string_view other) { return bare(other) == bare(name); });
}

std::string snake_case(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool word = is_upper(name[i]) && i > 0 && i + 1 < name.size() && !is_upper(name[i - 1]) &&
                          !(name[i - 1] >= '0' && name[i - 1] <= '9');
        if (word) text += '_';
        text += lower(name[i]);
    }
    return text;
}

}  // namespace samebits
