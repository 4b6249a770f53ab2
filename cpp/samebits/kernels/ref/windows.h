// Which windows of pooling hold a cell.
#pragma once

#include <cstdint>

namespace samebits::kernels::ref {

// The windows of one axis that hold position i: first .. first + count - 1.
struct Windows {
    std::int64_t first;
    std::int64_t count;
};

inline Windows windows_of(std::int64_t i, std::int64_t pad, std::int64_t stride, std::int64_t window, std::int64_t outputs) {
    const std::int64_t skipped = i + pad - window + 1;  // windows that end before i start below this
    const std::int64_t first = skipped <= 0 ? 0 : (skipped + stride - 1) / stride;
    const std::int64_t last = (i + pad) / stride < outputs ? (i + pad) / stride : outputs - 1;
    return {first, last >= first ? last - first + 1 : 0};
}

}  // namespace samebits::kernels::ref
