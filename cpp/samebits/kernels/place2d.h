// Images moved as they are: cropping, padding with zeros, mirroring, and the gradients of these, which move back.
#pragma once

#include <cstdint>

namespace samebits::kernels {

struct Place2D {
    std::int64_t n, h, w, c;  // input (N, H, W, C)
    std::int64_t p, q;        // output (N, P, Q, C)
};

// Where the output of one sample lies on its input: y(p, q) = x(top + p', left + q'), p' = flip_rows ? P - 1 - p : p, q'
// likewise; +0 where that is outside the input.
struct Placement {
    std::int64_t top, left;
    bool flip_rows, flip_cols;
};

// placements: N of them.
using Place2DFunction = void (*)(const Place2D& place, const Placement* placements, const float* x, float* y);

}  // namespace samebits::kernels
