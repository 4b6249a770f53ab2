// Means of windows that do not overlap: "PASS,N,SIZE,C,WINDOW".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const bool forward = fields.choice({"forward", "gradient"}) == 0;
    const std::int64_t n = fields.number();
    const std::int64_t size = fields.number();
    const std::int64_t c = fields.number();
    const std::int64_t window = fields.number();
    const Pool2D pool{n, size, size, c, window, window, window, window, 0, 0, size / window, size / window};
    const std::int64_t inputs = n * size * size * c;
    const std::int64_t outputs = n * pool.p * pool.q * c;
    const Table& table = current();
    const auto memory = arena(inputs + outputs);
    float* const x = memory->filled(inputs);
    float* const y = memory->filled(outputs);
    const double bytes = four_bytes(inputs + outputs);
    if (forward)
        return {static_cast<double>(inputs), bytes, [=, &table, keep = memory] { table.avg_pool2d_forward(pool, x, y); }};
    return {static_cast<double>(inputs), bytes, [=, &table, keep = memory] { table.avg_pool2d_gradient(pool, y, x); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("avg_pool2d", {"forward,32,26,32,2", "gradient,32,26,32,2", "forward,32,8,64,8", "gradient,32,8,64,8"}, make,
               count, arguments);
}
