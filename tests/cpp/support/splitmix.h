// The tests' own random numbers: a sequence that depends on its seed alone.
#pragma once

#include <cstdint>

namespace samebits::test {

// SplitMix64 (Steele, Lea and Flood 2014).
class SplitMix {
public:
    explicit SplitMix(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

}  // namespace samebits::test
