// Maxima of windows that do not overlap: "PASS,N,SIZE,C,WINDOW".
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
    const std::size_t winners = static_cast<std::size_t>(outputs) * sizeof(std::uint16_t);
    const auto memory = arena(inputs + outputs, winners);
    float* const x = memory->filled(inputs);
    float* const y = memory->filled(outputs);
    auto* const winner = reinterpret_cast<std::uint16_t*>(memory->take(winners));
    table.max_pool2d_forward(pool, x, y, winner);  // the gradient needs winners
    const double bytes = four_bytes(inputs + outputs) + static_cast<double>(winners);
    if (forward)
        return {static_cast<double>(inputs), bytes,
                [=, &table, keep = memory] { table.max_pool2d_forward(pool, x, y, winner); }};
    return {static_cast<double>(outputs), bytes, [=, &table, keep = memory] { table.max_pool2d_gradient(pool, y, winner, x); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("max_pool2d", {"forward,32,26,32,2", "gradient,32,26,32,2", "forward,32,11,64,2", "gradient,32,11,64,2"}, make,
               count, arguments);
}
