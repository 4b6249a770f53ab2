// Dropout keyed by meaning (numerics/random.h): forward and gradient are the same function; no mask is stored.
#pragma once

#include <cstdint>

namespace samebits::kernels {

struct Dropout {
    std::int64_t samples, elements;  // x, y: (samples, elements of one sample)
    float rate;                      // 0 <= rate < 1
    std::uint64_t seed;
    std::uint32_t stream;        // numerics: first 4 bytes of SHA-256("dropout:<layer>")
    std::uint32_t step;          // the model's step
    std::uint32_t first_sample;  // position of row 0 in the logical batch
};

// y = keep ? x * float(1 / (1 - rate)) : +0, keep iff r >= round(rate * 2^32). y may be x.
using DropoutFunction = void (*)(const Dropout& dropout, const float* x, float* y);

}  // namespace samebits::kernels
