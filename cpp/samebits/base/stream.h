// Which stream of random numbers belongs to a name: counter word c3 of numerics/random.h.
#pragma once

#include <cstdint>
#include <string_view>

namespace samebits {

// The first 4 bytes, little endian, of SHA-256("purpose:name"), as in stream_of("dropout", "dropout_1").
std::uint32_t stream_of(std::string_view purpose, std::string_view name);

}  // namespace samebits
