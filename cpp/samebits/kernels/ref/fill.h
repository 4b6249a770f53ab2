// What stands for a position outside an axis: for every kernel that reads there.
#pragma once

#include <cstdint>

#include "samebits/kernels/translate2d.h"

namespace samebits::kernels {

// The position 0 .. size-1 that stands for i, -1 for the constant.
static inline std::int64_t filled(Fill fill, std::int64_t i, std::int64_t size) {
    if (i >= 0 && i < size) return i;
    const std::int64_t period = fill == Fill::reflect ? 2 * size : size;
    const std::int64_t turn = (i % period + period) % period;
    switch (fill) {
        case Fill::constant: return -1;
        case Fill::nearest: return i < 0 ? 0 : size - 1;
        case Fill::reflect: return turn < size ? turn : period - 1 - turn;
        case Fill::wrap: return turn;
    }
    return -1;
}

}  // namespace samebits::kernels
