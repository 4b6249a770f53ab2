// The two numbers a softmax needs of its row.
#pragma once

#include <cstdint>

#include "samebits/kernels/ref/lane_sum.h"
#include "samebits/numerics/functions.h"

namespace samebits::kernels::ref {

struct SoftmaxRow {
    float max;  // the first maximum by x > best
    float sum;  // lane sum of exp(x - max)
};

// x: (cols), cols >= 1. A NaN, a +infinity or nothing but -infinity makes the sum NaN.
inline SoftmaxRow softmax_row(std::int64_t cols, const float* x) {
    float max = x[0];
    for (std::int64_t j = 1; j < cols; ++j)
        if (x[j] > max) max = x[j];
    return {max, lane_sum(cols, [&](std::int64_t j, float acc) { return acc + numerics::exp(x[j] - max); })};
}

}  // namespace samebits::kernels::ref
