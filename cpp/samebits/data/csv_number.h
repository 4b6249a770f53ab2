// One field of a CSV file. Internal header of data/.
#pragma once

#include <string_view>

namespace samebits {

// The decimal number that is all of `field` (no blanks around it): to the nearest binary64, then to the nearest binary32,
// which is NumPy's way. False for anything else, NaN, infinity and what is too large for binary32. Independent of the
// locale; needs round-to-nearest.
bool parse_number(std::string_view field, float& value);

}  // namespace samebits
