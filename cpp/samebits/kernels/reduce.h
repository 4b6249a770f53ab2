// Sums that are no GEMM, the fold of a fan-out, and the search for a value that is not finite.
#pragma once

#include <cstdint>

#include "samebits/numerics/order.h"

namespace samebits::kernels {

// y (cols) = sum over rows of x (rows, cols), in chunks; ends with + 0.0f. Bias gradients.
using ColumnSum = void (*)(std::int64_t rows, std::int64_t cols, const numerics::Chunking& chunking, const float* x, float* y);
// Lane sum over x (count), numerics/order.h, of x (lane_sum), of |x| (abs_sum), or fma(x, x, lane) (square_sum); ends with +
// 0.0f.
using LaneSum = float (*)(std::int64_t count, const float* x);
// y = a + b, elementwise; y may be a or b.
using Add = void (*)(std::int64_t count, const float* a, const float* b, float* y);
// y = z > 0 ? a + b : +0: a sum of gradients of z, which came out of a ReLU, and that ReLU's gradient. y may be a, b or z.
using AddRectified = void (*)(std::int64_t count, const float* z, const float* a, const float* b, float* y);
// Index of the first NaN or infinity in x (count), -1 when there is none.
using FirstNonFinite = std::int64_t (*)(std::int64_t count, const float* x);

}  // namespace samebits::kernels
