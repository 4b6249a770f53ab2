// 2-D average pooling, NHWC. Cells in the padding count for nothing: a window's mean is that of its cells inside the input.
#pragma once

#include "samebits/kernels/pool2d.h"

namespace samebits::kernels {

// y (N, P, Q, C) = S / float(cells), S = R(512, 8) of the window's cells inside the input, (r, s) ascending. One window over
// the whole input is global pooling.
using AvgPool2DForward = void (*)(const Pool2D& pool, const float* x, float* y);
// dx (N, H, W, C): R(512, 8) over the windows of the output that hold the cell, (p, q) ascending, of dy / float(cells), each
// term rounded.
using AvgPool2DGradient = void (*)(const Pool2D& pool, const float* dy, float* dx);

}  // namespace samebits::kernels
