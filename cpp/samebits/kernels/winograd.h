// 3x3 convolution by Winograd's minimal filtering (the law, 3.9): F(2x2, 3x3) or F(4x4, 3x3), strides and dilation 1, padding
// at most 2 on each side. Other bits than conv2d's sums: which of them a layer takes is part of its definition, never of a
// machine.
#pragma once

#include <cstddef>
#include <cstdint>

#include "samebits/kernels/conv2d.h"

namespace samebits::kernels {

enum class WinogradTile : std::uint8_t { f2 = 2, f4 = 4 };  // outputs a side

struct Winograd {
    Conv2D conv;
    WinogradTile tile;
};

// The same operands as conv2d's three passes.
using WinogradForward = void (*)(const Winograd& winograd, const float* x, const float* w, const float* bias,
                                 Activation activation, float* y, std::byte* workspace);
using WinogradInputGradient = void (*)(const Winograd& winograd, const float* dy, const float* w, float* dx,
                                       std::byte* workspace);
// The points' sums are over tiles, numerics::over_tiles(n, tiles down, tiles across).
using WinogradWeightGradient = void (*)(const Winograd& winograd, const float* x, const float* dy, float* dw,
                                        std::byte* workspace);
// Bytes for one pass; depends on the shape alone and does not fall when n grows.
using WinogradWorkspace = std::size_t (*)(const Winograd& winograd, ConvPass pass);

// The convolution of dy that is the input gradient: the window flipped, c and k swapped, padding 2 - pad.
inline Conv2D transposed(const Conv2D& v) {
    return {v.n, v.p, v.q, v.k, v.c, v.r, v.s, 1, 1, v.r - 1 - v.pad_top, v.s - 1 - v.pad_left, v.h, v.w};
}

}  // namespace samebits::kernels
