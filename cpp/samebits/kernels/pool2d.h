// A window sliding over (H, W), NHWC: what the pooling kernels share.
#pragma once

#include <cstdint>

namespace samebits::kernels {

struct Pool2D {
    std::int64_t n, h, w, c;  // input (N, H, W, C)
    std::int64_t r, s;        // window; it holds at least one cell of the input wherever it stands
    std::int64_t stride_h, stride_w;
    std::int64_t pad_top, pad_left;
    std::int64_t p, q;  // output (N, P, Q, C)
};

}  // namespace samebits::kernels
