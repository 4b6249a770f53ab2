// The law of the sums that are no product: columns in chunks; vectors in 64 lanes (lane_sum.h).
#include "samebits/kernels/reduce.h"

#include <cmath>

#include "samebits/kernels/ref/lane_sum.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

// R(512, 8) down each column.
void column_sum(std::int64_t rows, std::int64_t cols, const numerics::Chunking& chunking, const float* x, float* y) {
    for (std::int64_t col = 0; col < cols; ++col) {
        float sum = 0;
        float segment = 0;
        std::int64_t chunk = 0;
        for (std::int64_t begin = 0; begin < rows; ++chunk) {
            const std::int64_t end = numerics::chunk_end(chunking, begin, rows);
            float chain = 0;
            for (; begin < end; ++begin) chain = chain + x[begin * cols + col];
            segment = chunk % numerics::segment_chunks == 0 ? chain : segment + chain;
            const bool complete = (chunk + 1) % numerics::segment_chunks == 0 || end == rows;
            if (complete) sum = chunk < numerics::segment_chunks ? segment : sum + segment;
        }
        y[col] = sum + 0.0F;
    }
}

float sum(std::int64_t count, const float* x) {
    return lane_sum(count, [=](std::int64_t i, float lane) { return lane + x[i]; });
}

float abs_sum(std::int64_t count, const float* x) {
    return lane_sum(count, [=](std::int64_t i, float lane) { return lane + std::fabs(x[i]); });
}

float square_sum(std::int64_t count, const float* x) {
    return lane_sum(count, [=](std::int64_t i, float lane) { return numerics::fma(x[i], x[i], lane); });
}

void add(std::int64_t count, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = a[i] + b[i];
}

void add_rectified(std::int64_t count, const float* z, const float* a, const float* b, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = z[i] > 0.0F ? a[i] + b[i] : 0.0F;
}

std::int64_t first_non_finite(std::int64_t count, const float* x) {
    for (std::int64_t i = 0; i < count; ++i)
        if (!std::isfinite(x[i])) return i;
    return -1;
}

}  // namespace

void fill_reduce(Table& table) {
    table.column_sum = column_sum;
    table.lane_sum = sum;
    table.abs_sum = abs_sum;
    table.square_sum = square_sum;
    table.add = add;
    table.add_rectified = add_rectified;
    table.first_non_finite = first_non_finite;
}

}  // namespace samebits::kernels::ref
