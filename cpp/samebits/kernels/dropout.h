// Dropout keyed by meaning (numerics/random.h): forward and gradient are the same function; no mask is stored.
#pragma once

#include <cstdint>

namespace samebits::kernels {

struct Dropout {
    std::int64_t samples, elements;  // x, y: (samples, elements of one sample)
    double rate;                     // 0 <= rate < 1
    std::uint64_t seed;              // key = seed's low word, high word
    std::uint32_t stream;            // numerics: first 4 bytes of SHA-256("dropout:<layer>")
    std::uint32_t step;              // the model's step
    std::uint32_t first_sample;      // position of row 0 in the logical batch
};

// y = keep ? x * numerics::dropout_scale(rate) : +0, keep iff r >= numerics::dropout_threshold(rate). r of element e in row i:
// word e mod 4 of the Philox block with counter (e / 4, first_sample + i, step, stream). y may be x.
using DropoutFunction = void (*)(const Dropout& dropout, const float* x, float* y);

}  // namespace samebits::kernels
