// The digest of a set of weights (the law, section 8).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "samebits/base/tensor.h"

namespace samebits {

// "sha256:" + SHA-256 of "samebits-digest-1\0", then for each: name \0 "float32" \0 dimensions joined by "," \0
// little-endian bytes, NaN as 0x7fc00000.
std::string digest_of(const std::vector<std::pair<std::string, Tensor>>& weights);

}  // namespace samebits
