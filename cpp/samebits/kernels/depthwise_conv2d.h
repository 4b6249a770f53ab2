// 2-D depthwise convolution, NHWC: every input channel c has M windows of its own and gives the output channels c*M .. c*M+M-1.
// Weights (R, S, C, M).
#pragma once

#include <cstddef>
#include <cstdint>

#include "samebits/kernels/activation.h"

namespace samebits::kernels {

struct DepthwiseConv2D {
    std::int64_t n, h, w, c;  // input (N, H, W, C)
    std::int64_t m, r, s;     // windows a channel, their height and width
    std::int64_t stride_h, stride_w;
    std::int64_t dilation_h, dilation_w;  // on each axis the stride or the dilation is 1
    std::int64_t pad_top, pad_left;
    std::int64_t p, q;  // output (N, P, Q, C * M)
};

// y = act((R(512, 8) over (r, s) of x * w + bias) + 0.0f). Taps in the padding count as positions and add nothing.
using DepthwiseConv2DForward = void (*)(const DepthwiseConv2D& conv, const float* x, const float* w, const float* bias,
                                        Activation activation, float* y);
// dx (N, H, W, C): for each input cell, over the dy positions that touch it, (p, q) ascending, then m, R(512, 8).
using DepthwiseConv2DInputGradient = void (*)(const DepthwiseConv2D& conv, const float* dy, const float* w, float* dx);
// dw (R, S, C, M): over output pixels (n, p, q), numerics::over_pixels(n, p, q).
using DepthwiseConv2DWeightGradient = void (*)(const DepthwiseConv2D& conv, const float* x, const float* dy, float* dw,
                                               std::byte* workspace);
// Bytes for the weight gradient; depends on the shape alone and does not fall when n grows.
using DepthwiseConv2DWorkspace = std::size_t (*)(const DepthwiseConv2D& conv);

}  // namespace samebits::kernels
