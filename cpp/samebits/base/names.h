// Help with names that somebody mistyped.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace samebits {

// The known name with the fewest edits from `name` (at most half of its length), "" when none is near.
std::string nearest(std::string_view name, std::span<const std::string_view> known);
// "a, b or c".
std::string list_of(std::span<const std::string_view> names);
// "; did you mean \"Dense\"?" or "" : the tail of an error about an unknown name.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> known);
// Whether a name is among others in any of Keras's spellings: "KLDivergence" is "kl_divergence".
bool is_one_of(std::string_view name, std::span<const std::string_view> names);
// "MaxPooling2D" -> "max_pooling2d": Keras's default layer names.
std::string snake_case(std::string_view name);

}  // namespace samebits
