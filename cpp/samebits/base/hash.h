// SHA-256 (FIPS 180-4): digests of weights, identities of recipes, streams of random numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace samebits {

// Bytes may come in any number of pieces; the hash is that of their concatenation.
class Sha256 {
public:
    void update(const void* data, std::size_t bytes);
    void update(std::string_view text) { update(text.data(), text.size()); }
    // The hash of all that was given. Ends the object's use.
    std::array<std::uint8_t, 32> finish();

private:
    void absorb(const std::uint8_t* block);

    std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> block_{};
    std::uint64_t bytes_ = 0;  // given so far; the last bytes_ % 64 of them wait in block_
};

// Two lower-case digits a byte.
std::string hex(std::span<const std::uint8_t> bytes);

}  // namespace samebits
