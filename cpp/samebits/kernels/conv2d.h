// 2-D convolution (cross-correlation, as every framework's Conv2D), NHWC, weights (R, S, C, K).
#pragma once

#include <cstddef>
#include <cstdint>

#include "samebits/kernels/activation.h"

namespace samebits::kernels {

struct Conv2D {
    std::int64_t n, h, w, c;  // input (N, H, W, C)
    std::int64_t k, r, s;     // filters, window height and width
    std::int64_t stride_h, stride_w;
    std::int64_t pad_top, pad_left;               // zeros before the first row and column
    std::int64_t p, q;                            // output (N, P, Q, K); the padding after the last row follows from it
    std::int64_t dilation_h = 1, dilation_w = 1;  // between taps; on each axis the stride or the dilation is 1
};

// y = act((sum over (r, s, c) of x * w + bias) + 0.0f). Taps in the padding count as positions and add nothing.
using Conv2DForward = void (*)(const Conv2D& conv, const float* x, const float* w, const float* bias, Activation activation,
                               float* y, std::byte* workspace);
// dx (N, H, W, C): for each input pixel, over the dy positions that touch it, (p, q) ascending, then k.
using Conv2DInputGradient = void (*)(const Conv2D& conv, const float* dy, const float* w, float* dx, std::byte* workspace);
// dw (R, S, C, K): over output pixels (n, p, q), numerics::over_pixels(n, p, q).
using Conv2DWeightGradient = void (*)(const Conv2D& conv, const float* x, const float* dy, float* dw, std::byte* workspace);

enum class ConvPass : std::uint8_t { forward, input_gradient, weight_gradient };
// Bytes for one pass; depends on the shape alone and does not fall when n grows.
using Conv2DWorkspace = std::size_t (*)(const Conv2D& conv, ConvPass pass);

}  // namespace samebits::kernels
