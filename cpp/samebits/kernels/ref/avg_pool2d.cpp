#include "samebits/kernels/avg_pool2d.h"

#include "samebits/kernels/ref/long_sum.h"
#include "samebits/kernels/ref/windows.h"
#include "samebits/kernels/registry.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

// The input positions first .. first + count - 1 of one axis that the window of output i holds.
struct Cells {
    int64_t first;
    int64_t count;
};

Cells cells_of(int64_t i, int64_t pad, int64_t stride, int64_t window, int64_t size) {
    const int64_t start = i * stride - pad;
    const int64_t first = start < 0 ? 0 : start;
    const int64_t end = start + window < size ? start + window : size;
    return {first, end - first};
}

struct Window {
    Cells rows, cols;
    [[nodiscard]] int64_t count() const { return rows.count * cols.count; }
};

Window window_of(const Pool2D& v, int64_t p, int64_t q) {
    return {cells_of(p, v.pad_top, v.stride_h, v.r, v.h), cells_of(q, v.pad_left, v.stride_w, v.s, v.w)};
}

float mean_of_window(const Pool2D& v, const float* x, int64_t n, int64_t p, int64_t q, int64_t c) {
    const Window window = window_of(v, p, q);
    const int64_t terms = window.count();
    const float sum = long_sum(numerics::over_terms(terms), terms, [&](int64_t t, float acc) {
        const int64_t row = window.rows.first + t / window.cols.count;
        const int64_t col = window.cols.first + t % window.cols.count;
        return acc + x[((n * v.h + row) * v.w + col) * v.c + c];
    });
    return (sum + 0.0F) / static_cast<float>(terms);
}

void forward(const Pool2D& v, const float* x, float* y) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t p = 0; p < v.p; ++p)
            for (int64_t q = 0; q < v.q; ++q)
                for (int64_t c = 0; c < v.c; ++c) *y++ = mean_of_window(v, x, n, p, q, c);
}

float gradient_sum(const Pool2D& v, const float* dy, int64_t n, int64_t h, int64_t w, int64_t c) {
    const Windows rows = windows_of(h, v.pad_top, v.stride_h, v.r, v.p);
    const Windows cols = windows_of(w, v.pad_left, v.stride_w, v.s, v.q);
    const int64_t terms = rows.count * cols.count;
    return long_sum(numerics::over_terms(terms), terms, [&](int64_t t, float acc) {
        const int64_t p = rows.first + t / cols.count;
        const int64_t q = cols.first + t % cols.count;
        return acc + dy[((n * v.p + p) * v.q + q) * v.c + c] / static_cast<float>(window_of(v, p, q).count());
    });
}

void gradient(const Pool2D& v, const float* dy, float* dx) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t h = 0; h < v.h; ++h)
            for (int64_t w = 0; w < v.w; ++w)
                for (int64_t c = 0; c < v.c; ++c) *dx++ = gradient_sum(v, dy, n, h, w, c) + 0.0F;
}

}  // namespace

void fill_avg_pool2d(Table& table) {
    table.avg_pool2d_forward = forward;
    table.avg_pool2d_gradient = gradient;
}

}  // namespace samebits::kernels::ref
