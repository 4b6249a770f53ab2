// The library's version and the numerics profile it computes by.
#pragma once

namespace samebits {

inline constexpr const char* version = "0.1.0";
inline constexpr int profile = 1;  // docs/numerics.md; another profile is another set of bits

}  // namespace samebits
