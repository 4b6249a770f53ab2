// 2-D max pooling, NHWC. A candidate replaces the best iff x > best, in window order (r, s); padding is no candidate.
#pragma once

#include <cstdint>

#include "samebits/kernels/pool2d.h"

namespace samebits::kernels {

// y (N, P, Q, C); winner (N, P, Q, C): the winning cell's number r*S + s in its window (windows have at most 65,535 cells).
// winner may be null when no gradient follows.
using MaxPool2DForward = void (*)(const Pool2D& pool, const float* x, float* y, std::uint16_t* winner);
// dx (N, H, W, C): the sum of dy over the windows this cell won, (p, q) ascending, R(512, 8). Every window of the output that
// holds the cell is a position; one that another cell won adds nothing.
using MaxPool2DGradient = void (*)(const Pool2D& pool, const float* dy, const std::uint16_t* winner, float* dx);

}  // namespace samebits::kernels
