// Sums and searches: "column_sum,ROWS,COLS", or "KIND,COUNT" for those over a whole array and for add.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

volatile float sum_sink;           // keeps a sum alive
volatile std::int64_t place_sink;  // and a place

Work column_sum(std::int64_t rows, std::int64_t cols) {
    const Table& table = current();
    const auto memory = arena(rows * cols + cols);
    const float* const x = memory->filled(rows * cols);
    float* const y = memory->filled(cols);
    return {static_cast<double>(rows * cols), four_bytes(rows * cols),
            [=, &table, keep = memory] { table.column_sum(rows, cols, numerics::over_terms(rows), x, y); }};
}

Work make(Fields& fields) {
    const int kind = fields.choice({"column_sum", "lane_sum", "abs_sum", "square_sum", "add", "first_non_finite"});
    const std::int64_t count = fields.number();
    if (kind == 0) return column_sum(count, fields.number());
    const Table& table = current();
    const auto memory = arena(3 * count);
    const float* const a = memory->filled(count);
    const float* const b = memory->filled(count);
    float* const y = memory->filled(count);
    const double n = static_cast<double>(count);
    if (kind == 4) return {n, 3 * four_bytes(count), [=, &table, keep = memory] { table.add(count, a, b, y); }};
    if (kind == 5) return {0, four_bytes(count), [=, &table, keep = memory] { place_sink = table.first_non_finite(count, a); }};
    const LaneSum sums[] = {table.lane_sum, table.abs_sum, table.square_sum};
    const LaneSum sum = sums[kind - 1];
    return {(kind == 3 ? 2 : 1) * n, four_bytes(count), [=, keep = memory] { sum_sink = sum(count, a); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("reduce",
               {"column_sum,4096,16", "column_sum,128,1024", "lane_sum,131072", "abs_sum,131072", "square_sum,131072",
                "add,65536", "add,8388608", "first_non_finite,131072"},
               make, count, arguments);
}
