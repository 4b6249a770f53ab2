// The parts of layer normalization: "PASS,ROWS,COLS". A row stays in cache between its passes.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int pass = fields.choice({"forward", "weight_gradient", "input_gradient"});
    const std::int64_t rows = fields.number();
    const std::int64_t cols = fields.number();
    const std::int64_t count = rows * cols;
    const Table& table = current();
    const auto memory = arena(3 * count + 2 * rows + 4 * cols);
    const float* const x = memory->filled(count);
    const float* const dy = memory->filled(count);
    float* const y = memory->filled(count);
    float* const mean = memory->filled(rows);
    float* const inv = memory->positive(rows);
    float* const dgamma = memory->filled(cols);
    float* const dbeta = memory->filled(cols);
    const LayerNorm norm{rows, cols, numerics::over_pixels(rows, 1, 1), 1e-3F, memory->positive(cols), memory->filled(cols)};
    const double flops[] = {8, 5, 10};
    const int arrays[] = {2, 2, 3};
    return {flops[pass] * static_cast<double>(count), arrays[pass] * four_bytes(count), [=, &table, keep = memory] {
                if (pass == 0) table.layer_norm_forward(norm, x, mean, inv, y);
                if (pass == 1) table.layer_norm_weight_gradient(norm, x, dy, mean, inv, dgamma, dbeta);
                if (pass == 2) table.layer_norm_input_gradient(norm, x, dy, mean, inv, y);
            }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("layer_norm", {"forward,512,128", "weight_gradient,512,128", "input_gradient,512,128", "forward,32,1024"}, make,
               count, arguments);
}
