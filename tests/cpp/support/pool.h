// Windows to pool over: overlaps, gaps, padding, odd channels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "samebits/kernels/pool2d.h"

namespace samebits::test {

using kernels::Pool2D;

inline Pool2D pool(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c, std::int64_t r, std::int64_t s,
                   std::int64_t stride_h, std::int64_t stride_w, std::int64_t pad_top = 0, std::int64_t pad_left = 0,
                   std::int64_t pad_bottom = 0, std::int64_t pad_right = 0) {
    return {n,
            h,
            w,
            c,
            r,
            s,
            stride_h,
            stride_w,
            pad_top,
            pad_left,
            (h + pad_top + pad_bottom - r) / stride_h + 1,
            (w + pad_left + pad_right - s) / stride_w + 1};
}

inline std::int64_t x_size(const Pool2D& v) { return v.n * v.h * v.w * v.c; }
inline std::int64_t y_size(const Pool2D& v) { return v.n * v.p * v.q * v.c; }

inline std::string text(const Pool2D& v) {
    std::string line;
    for (const std::int64_t i : {v.n, v.h, v.w, v.c, v.r, v.s, v.stride_h, v.stride_w, v.pad_top, v.pad_left, v.p, v.q})
        line += std::to_string(i) + " ";
    return "n h w c, r s, strides, padding, p q: " + line;
}

inline std::vector<Pool2D> pool_shapes() {
    return {pool(2, 6, 8, 3, 2, 2, 2, 2),
            pool(2, 7, 9, 5, 2, 2, 2, 2),
            pool(1, 9, 9, 16, 3, 3, 2, 2, 1, 1, 1, 1),
            pool(2, 8, 7, 17, 3, 3, 1, 1, 1, 1, 1, 1),
            pool(1, 5, 12, 33, 1, 1, 1, 1),
            pool(1, 7, 6, 40, 2, 3, 3, 1, 0, 1, 1, 1),
            pool(3, 4, 4, 1, 4, 4, 4, 4),
            pool(1, 5, 5, 10, 1, 1, 2, 3),
            pool(2, 11, 12, 18, 2, 3, 3, 4, 1, 1, 1, 1),
            pool(1, 9, 10, 7, 2, 2, 4, 3),
            pool(2, 9, 8, 20, 2, 2, 3, 3, 1, 1, 1, 1),
            pool(0, 4, 4, 3, 2, 2, 2, 2),
            pool(9, 13, 13, 32, 2, 2, 2, 2),
            pool(1, 6, 6, 2, 5, 4, 1, 2, 4, 3, 4, 3)};
}

}  // namespace samebits::test
