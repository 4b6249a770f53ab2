#include "samebits/kernels/translate2d.h"

#include "samebits/kernels/ref/fill.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

using std::int64_t;

float mix(float a, float b, float t) { return numerics::fma(t, b - a, a); }

void translate2d(const Translate2D& v, const Shift* shifts, const float* x, float* y) {
    for (int64_t n = 0; n < v.n; ++n, x += v.h * v.w * v.c) {
        const Shift& shift = shifts[n];
        for (int64_t p = 0; p < v.h; ++p)
            for (int64_t q = 0; q < v.w; ++q)
                for (int64_t c = 0; c < v.c; ++c) {
                    const auto at = [&](int64_t i, int64_t j) {
                        const int64_t row = filled(v.fill, p + shift.row + i, v.h);
                        const int64_t col = filled(v.fill, q + shift.col + j, v.w);
                        return row < 0 || col < 0 ? v.value : x[(row * v.w + col) * v.c + c];
                    };
                    *y++ = v.bilinear ? mix(mix(at(0, 0), at(0, 1), shift.col_part), mix(at(1, 0), at(1, 1), shift.col_part),
                                            shift.row_part)
                                      : at(0, 0);
                }
    }
}

}  // namespace

void fill_translate2d(Table& table) { table.translate2d = translate2d; }

}  // namespace samebits::kernels::ref
