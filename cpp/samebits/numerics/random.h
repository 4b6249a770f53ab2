// Profile 1, section 7: random numbers keyed by meaning, never by call order. Philox4x32-10 of Salmon, Moraes, Dror and Shaw,
// "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011). Internal linkage (see order.h).
//
// Block(key = seed; c0, c1, c2, c3): c0 = floor(element / 4) and word = element mod 4 (normals: c0 = element); c1 = position
// of the sample in the logical batch (dropout), index in the data set (shuffle, augmentation) or attempt (normals); c2 = the
// model's step or the epoch; c3 = stream (base/stream.h). What has no meaning is 0.
#pragma once

#include <cstdint>

#include "samebits/numerics/functions.h"

namespace samebits::numerics {

struct Block {
    std::uint32_t word[4];
};

constexpr int philox_rounds = 10;
constexpr std::uint32_t philox_m0 = 0xD2511F53;
constexpr std::uint32_t philox_m1 = 0xCD9E8D57;
constexpr std::uint32_t philox_w0 = 0x9E3779B9;  // golden ratio
constexpr std::uint32_t philox_w1 = 0xBB67AE85;  // sqrt(3) - 1

static inline Block philox(std::uint64_t seed, std::uint32_t c0, std::uint32_t c1, std::uint32_t c2, std::uint32_t c3) {
    auto k0 = static_cast<std::uint32_t>(seed);
    auto k1 = static_cast<std::uint32_t>(seed >> 32);
    for (int round = 0; round < philox_rounds; ++round) {
        const std::uint64_t a = std::uint64_t{philox_m0} * c0;
        const std::uint64_t b = std::uint64_t{philox_m1} * c2;
        c0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
        c1 = static_cast<std::uint32_t>(b);
        c2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
        c3 = static_cast<std::uint32_t>(a);
        k0 += philox_w0;
        k1 += philox_w1;
    }
    return {{c0, c1, c2, c3}};
}

// The 32 random bits of one element (< 2^34).
static inline std::uint32_t random_bits(std::uint64_t seed, std::uint64_t element, std::uint32_t c1, std::uint32_t c2,
                                        std::uint32_t stream) {
    return philox(seed, static_cast<std::uint32_t>(element / 4), c1, c2, stream).word[element % 4];
}

// In [0, 1), a multiple of 2^-24.
static inline float unit(std::uint32_t bits) { return static_cast<float>(bits >> 8) * 0x1p-24F; }

// In [-limit, limit): one rounding, that of the last product.
static inline float uniform(std::uint32_t bits, float limit) {
    return static_cast<float>(static_cast<std::int32_t>(bits >> 8) - (1 << 23)) * 0x1p-23F * limit;
}

// Dropout keeps an element iff its bits >= this: floor(rate * 2^32 + 0.5) in binary64, at most 2^32 - 1. 0 <= rate < 1.
static inline std::uint32_t dropout_threshold(double rate) {
    const double scaled = rate * 0x1p32 + 0.5;
    return scaled < 0x1p32 ? static_cast<std::uint32_t>(scaled) : 0xffffffffU;
}

// What dropout multiplies a kept element by: 1 / (1 - rate) in binary64, then rounded.
static inline float dropout_scale(double rate) { return static_cast<float>(1.0 / (1.0 - rate)); }

// Box and Muller's standard normal number; one block an element.
static inline float normal(std::uint64_t seed, std::uint32_t element, std::uint32_t attempt, std::uint32_t stream) {
    const Block r = philox(seed, element, attempt, 0, stream);
    const float u1 = static_cast<float>((r.word[0] >> 8) + 1) * 0x1p-24F;  // in (0, 1]: its logarithm is finite
    const float u2 = unit(r.word[1]);
    return __builtin_sqrtf(-2.0F * log(u1)) * cospi(2.0F * u2);
}

// Standard normal number cut at two deviations: the first attempt 0, 1, ... with |z| <= 2.
static inline float truncated_normal(std::uint64_t seed, std::uint32_t element, std::uint32_t stream) {
    for (std::uint32_t attempt = 0;; ++attempt) {
        const float z = normal(seed, element, attempt, stream);
        if (z >= -2.0F && z <= 2.0F) return z;
    }
}

// Shuffling sorts by (this key, index).
static inline std::uint64_t shuffle_key(std::uint64_t seed, std::uint32_t stream, std::uint32_t index, std::uint32_t epoch) {
    const Block r = philox(seed, 0, index, epoch, stream);
    return r.word[0] | std::uint64_t{r.word[1]} << 32;
}

// A shuffle buffer's pick number `pick` in a pass over the data: of m elements it takes floor(this * m / 2^64).
static inline std::uint64_t shuffle_pick(std::uint64_t seed, std::uint32_t stream, std::uint64_t pick, std::uint32_t pass) {
    const Block r = philox(seed, static_cast<std::uint32_t>(pick >> 32), static_cast<std::uint32_t>(pick), pass, stream);
    return r.word[0] | std::uint64_t{r.word[1]} << 32;
}

}  // namespace samebits::numerics
