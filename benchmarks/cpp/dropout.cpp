// Dropout at rate 0.5, masks drawn as they are used: "SAMPLES,ELEMENTS". A random number counts as no flop.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const std::int64_t samples = fields.number();
    const std::int64_t elements = fields.number();
    const std::int64_t count = samples * elements;
    const Dropout dropout{samples, elements, 0.5, 7, 11, 13, 0};
    const Table& table = current();
    const auto memory = arena(2 * count);
    const float* const x = memory->filled(count);
    float* const y = memory->filled(count);
    return {static_cast<double>(count), 2 * four_bytes(count), [=, &table, keep = memory] { table.dropout(dropout, x, y); }};
}

}  // namespace

int main(int count, char** arguments) { return run("dropout", {"32,1600", "128,1024", "128,65536"}, make, count, arguments); }
