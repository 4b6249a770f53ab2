// The lane sum (profile 1, section 2): row sums, norms, the mean of a loss.
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels::ref {

// Sum of `count` terms; step(i, acc) returns acc with term i added: acc + x[i], or fma(a[i], b[i], acc). Blocks of 4096 terms;
// in a block lane i mod 64 is one chain from +0 over its terms, ascending; lanes without terms stay +0; the upper half of the
// lanes is added to the lower until one is left; blocks are folded from the left, starting from the first.
template <class Step>
float lane_sum(std::int64_t count, Step step) {
    float total = 0.0F;
    for (std::int64_t begin = 0; begin < count; begin += numerics::lane_block) {
        float lane[numerics::lanes] = {};
        for (std::int64_t i = begin; i < count && i < begin + numerics::lane_block; ++i) {
            float& acc = lane[i % numerics::lanes];
            acc = step(i, acc);
        }
        for (std::int64_t half = numerics::lanes / 2; half > 0; half /= 2)
            for (std::int64_t i = 0; i < half; ++i) lane[i] += lane[i + half];
        total = begin == 0 ? lane[0] : total + lane[0];
    }
    return total + 0.0F;
}

}  // namespace samebits::kernels::ref
