// Images shifted by a fraction of a pixel.
#pragma once

#include <cstdint>

namespace samebits::kernels {

// What stands for position i outside 0 .. n-1 of an axis: the constant; the nearest position; the mirror image, edge repeated
// (i mod 2n, from n on 2n - 1 - that); position i mod n.
enum class Fill : std::uint8_t { constant, nearest, reflect, wrap };

struct Translate2D {
    std::int64_t n, h, w, c;  // input and output (N, H, W, C)
    Fill fill;
    float value;    // of Fill::constant
    bool bilinear;  // false: the parts are not looked at
};

// Of one sample: output (p, q) reads the input at (p + row + row_part, q + col + col_part), 0 <= part <= 1.
struct Shift {
    std::int64_t row, col;
    float row_part, col_part;
};

// Nearest: y(p, q) = x(p + row, q + col). Bilinear: with mix(a, b, t) = fma(t, b - a, a) and the four values at rows i = p +
// row and i + 1, columns j = q + col and j + 1: y = mix(mix(x(i, j), x(i, j+1), col_part), mix(x(i+1, j), x(i+1, j+1),
// col_part), row_part). shifts: N of them.
using Translate2DFunction = void (*)(const Translate2D& translate, const Shift* shifts, const float* x, float* y);

}  // namespace samebits::kernels
