#include "samebits/kernels/place2d.h"

#include "samebits/kernels/registry.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

void place2d(const Place2D& v, const Placement* placements, const float* x, float* y) {
    for (int64_t n = 0; n < v.n; ++n) {
        const Placement& at = placements[n];
        for (int64_t p = 0; p < v.p; ++p)
            for (int64_t q = 0; q < v.q; ++q) {
                const int64_t row = at.top + (at.flip_rows ? v.p - 1 - p : p);
                const int64_t col = at.left + (at.flip_cols ? v.q - 1 - q : q);
                const bool inside = row >= 0 && row < v.h && col >= 0 && col < v.w;
                for (int64_t c = 0; c < v.c; ++c) *y++ = inside ? x[((n * v.h + row) * v.w + col) * v.c + c] : 0.0F;
            }
    }
}

}  // namespace

void fill_place2d(Table& table) { table.place2d = place2d; }

}  // namespace samebits::kernels::ref
