// The parts of batch normalization over maps: "PASS,SAMPLES,SIZE,COLS". The statistics pass over x twice.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int pass = fields.choice({"statistics", "forward", "weight_gradient", "input_gradient"});
    const std::int64_t samples = fields.number();
    const std::int64_t size = fields.number();
    const std::int64_t cols = fields.number();
    const std::int64_t rows = samples * size * size;
    const std::int64_t count = rows * cols;
    const Table& table = current();
    const auto memory = arena(3 * count + 6 * cols);
    const float* const x = memory->filled(count);
    const float* const dy = memory->filled(count);
    float* const y = memory->filled(count);
    float* const mean = memory->filled(cols);
    float* const variance = memory->positive(cols);
    float* const dgamma = memory->filled(cols);
    float* const dbeta = memory->filled(cols);
    const BatchNorm norm{
        rows, cols, numerics::over_pixels(samples, size, size), 1e-3F, memory->positive(cols), memory->filled(cols)};
    const double flops[] = {4, 3, 5, 6};
    const int arrays[] = {2, 2, 2, 3};
    return {flops[pass] * static_cast<double>(count), arrays[pass] * four_bytes(count), [=, &table, keep = memory] {
                if (pass == 0) table.batch_norm_statistics(norm, x, mean, variance);
                if (pass == 1) table.batch_norm_forward(norm, x, mean, variance, y);
                if (pass == 2) table.batch_norm_weight_gradient(norm, x, dy, mean, variance, dgamma, dbeta);
                if (pass == 3) table.batch_norm_input_gradient(norm, x, dy, mean, variance, dgamma, dbeta, y);
            }};
}

std::vector<std::string> cases() {
    std::vector<std::string> found;
    for (const char* pass : {"statistics", "forward", "weight_gradient", "input_gradient"})
        for (const char* shape : {",32,8,64", ",32,32,16"}) found.push_back(std::string(pass) + shape);
    return found;
}

}  // namespace

int main(int count, char** arguments) { return run("batch_norm", cases(), make, count, arguments); }
