// The long sum R(512, 8) (profile 1, section 2), without the + 0.0f that ends it: a bias may come between.
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels::ref {

// Sum of `terms` terms; step(t, acc) returns acc with term t added, or acc itself for a position that adds nothing. A chunk
// is one chain from +0, a segment the left fold of 8 chunks, the sum the left fold of the segments; no terms: +0.
template <class Step>
float long_sum(const numerics::Chunking& chunking, std::int64_t terms, Step step) {
    float sum = 0.0F;
    float segment = 0.0F;
    std::int64_t chunk = 0;
    for (std::int64_t t = 0; t < terms; ++chunk) {
        const std::int64_t end = numerics::chunk_end(chunking, t, terms);
        float acc = 0.0F;
        for (; t < end; ++t) acc = step(t, acc);
        segment = chunk % numerics::segment_chunks == 0 ? acc : segment + acc;
        const bool complete = (chunk + 1) % numerics::segment_chunks == 0 || end == terms;
        if (complete) sum = chunk < numerics::segment_chunks ? segment : sum + segment;
    }
    return sum;
}

}  // namespace samebits::kernels::ref
