// Which samples come when: numerics profile 1, section 7.
#pragma once

#include <cstdint>
#include <vector>

namespace samebits {

// The order in which `count` training samples are visited in an epoch (from 0). Shuffled: the indices sorted by (64-bit
// Philox key of seed, index and epoch, index), so it depends on nothing that was drawn before; else 0, 1, ...
// Throws InvalidArgument unless 0 <= count < 2^32.
std::vector<std::int64_t> epoch_order(std::int64_t count, std::uint64_t seed, std::uint32_t epoch, bool shuffle);

// The first sample of the validation part, which is the last part: floor(n * (1.0 - split)) in float64, as Keras.
// Throws InvalidArgument unless 0 <= split < 1.
std::int64_t validation_start(std::int64_t n, double split);

}  // namespace samebits
