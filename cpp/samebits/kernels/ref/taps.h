// Which taps of a convolution touch an input position: what the input gradients of conv2d and depthwise_conv2d share.
#pragma once

#include <cstdint>

namespace samebits::kernels::ref {

inline bool inside(std::int64_t i, std::int64_t size) { return i >= 0 && i < size; }

// The taps of one axis that touch input position i: those with (i + pad - tap * dilation) mod stride == 0. They are
// first + j * stride, j = 0 .. count-1, as the stride or the dilation is 1.
struct Taps {
    std::int64_t first;
    std::int64_t count;
};

inline Taps taps_of(std::int64_t i, std::int64_t pad, std::int64_t stride, std::int64_t window) {
    const std::int64_t first = (i + pad) % stride;
    return {first, first < window ? (window - 1 - first) / stride + 1 : 0};
}

// Tap number j from the last one down: the output position it meets ascends.
inline std::int64_t tap(const Taps& taps, std::int64_t j, std::int64_t stride) {
    return taps.first + (taps.count - 1 - j) * stride;
}

}  // namespace samebits::kernels::ref
