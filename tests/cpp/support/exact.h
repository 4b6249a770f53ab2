// Comparison of bits: no tolerance anywhere.
#pragma once

#include <bit>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>

namespace samebits::test {

// "" when every float has the same bits (NaNs too), else the first difference in words.
inline std::string first_difference(std::span<const float> got, std::span<const float> want) {
    if (got.size() != want.size()) return "sizes differ: " + std::to_string(got.size()) + " and " + std::to_string(want.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto a = std::bit_cast<std::uint32_t>(got[i]);
        const auto b = std::bit_cast<std::uint32_t>(want[i]);
        if (a == b) continue;
        char text[160];
        std::snprintf(text, sizeof text, "element %zu of %zu: got %a (%08x), want %a (%08x)", i, got.size(),
                      static_cast<double>(got[i]), a, static_cast<double>(want[i]), b);
        return text;
    }
    return "";
}

}  // namespace samebits::test
