// Softmax over rows: "PASS,ROWS,COLS".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const bool forward = fields.choice({"forward", "gradient"}) == 0;
    const std::int64_t rows = fields.number();
    const std::int64_t cols = fields.number();
    const std::int64_t count = rows * cols;
    const Table& table = current();
    const auto memory = arena(3 * count);
    const float* const x = memory->filled(count);
    const float* const dy = memory->filled(count);
    float* const y = memory->filled(count);
    const double n = static_cast<double>(count);
    if (forward) return {5 * n, 2 * four_bytes(count), [=, &table, keep = memory] { table.softmax(rows, cols, x, y); }};
    return {4 * n, 3 * four_bytes(count), [=, &table, keep = memory] { table.softmax_gradient(rows, cols, x, dy, y); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("softmax", {"forward,128,10", "forward,8192,10", "forward,64,1000", "gradient,8192,10", "gradient,64,1000"},
               make, count, arguments);
}
