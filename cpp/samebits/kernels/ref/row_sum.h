// R(512, 8) down the rows of a matrix: sums over output pixels (profile 1, section 2).
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels::ref {

// Sum over `rows` rows; step(row, acc) returns acc with the row's term added.
template <class Step>
float row_sum(std::int64_t rows, const numerics::Chunking& chunking, Step step) {
    float sum = 0;
    float segment = 0;
    std::int64_t chunk = 0;
    for (std::int64_t row = 0; row < rows; ++chunk) {
        const std::int64_t end = numerics::chunk_end(chunking, row, rows);
        float chain = 0;
        for (; row < end; ++row) chain = step(row, chain);
        segment = chunk % numerics::segment_chunks == 0 ? chain : segment + chain;
        const bool complete = (chunk + 1) % numerics::segment_chunks == 0 || end == rows;
        if (complete) sum = chunk < numerics::segment_chunks ? segment : sum + segment;
    }
    return sum + 0.0F;
}

}  // namespace samebits::kernels::ref
