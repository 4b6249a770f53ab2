#include "samebits/kernels/max_pool2d.h"

#include "samebits/kernels/ref/long_sum.h"
#include "samebits/kernels/ref/windows.h"
#include "samebits/kernels/registry.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

// The window of output (p, q), channel c of sample n: its first cell inside the input starts as the best, even a NaN.
void best_of_window(const Pool2D& v, const float* x, int64_t n, int64_t p, int64_t q, int64_t c, float& best,
                    std::uint16_t& winner) {
    bool none = true;
    for (int64_t r = 0; r < v.r; ++r)
        for (int64_t s = 0; s < v.s; ++s) {
            const int64_t row = p * v.stride_h - v.pad_top + r;
            const int64_t col = q * v.stride_w - v.pad_left + s;
            if (row < 0 || row >= v.h || col < 0 || col >= v.w) continue;
            const float candidate = x[((n * v.h + row) * v.w + col) * v.c + c];
            if (!none && !(candidate > best)) continue;
            none = false;
            best = candidate;
            winner = static_cast<std::uint16_t>(r * v.s + s);
        }
}

void forward(const Pool2D& v, const float* x, float* y, std::uint16_t* winner) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t p = 0; p < v.p; ++p)
            for (int64_t q = 0; q < v.q; ++q)
                for (int64_t c = 0; c < v.c; ++c) {
                    std::uint16_t cell = 0;
                    best_of_window(v, x, n, p, q, c, *y++, cell);
                    if (winner != nullptr) *winner++ = cell;
                }
}

// The sum of dy over the windows that hold cell (h, w), (p, q) ascending; those that another cell won add nothing.
float gradient_sum(const Pool2D& v, const float* dy, const std::uint16_t* winner, int64_t n, int64_t h, int64_t w, int64_t c) {
    const Windows rows = windows_of(h, v.pad_top, v.stride_h, v.r, v.p);
    const Windows cols = windows_of(w, v.pad_left, v.stride_w, v.s, v.q);
    const int64_t terms = rows.count * cols.count;
    return long_sum(numerics::over_terms(terms), terms, [&](int64_t t, float acc) {
        const int64_t p = rows.first + t / cols.count;
        const int64_t q = cols.first + t % cols.count;
        const int64_t cell = (h + v.pad_top - p * v.stride_h) * v.s + (w + v.pad_left - q * v.stride_w);
        const int64_t i = ((n * v.p + p) * v.q + q) * v.c + c;
        return winner[i] == cell ? acc + dy[i] : acc;
    });
}

void gradient(const Pool2D& v, const float* dy, const std::uint16_t* winner, float* dx) {
    for (int64_t n = 0; n < v.n; ++n)
        for (int64_t h = 0; h < v.h; ++h)
            for (int64_t w = 0; w < v.w; ++w)
                for (int64_t c = 0; c < v.c; ++c) *dx++ = gradient_sum(v, dy, winner, n, h, w, c) + 0.0F;
}

}  // namespace

void fill_max_pool2d(Table& table) {
    table.max_pool2d_forward = forward;
    table.max_pool2d_gradient = gradient;
}

}  // namespace samebits::kernels::ref
