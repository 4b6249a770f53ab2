// Functions whose gradients are said by x: "FUNCTION,PASS,COUNT".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

// Flops of one element, forward and gradient, as kernels/elementwise.h writes them.
constexpr double flops[][2] = {{2, 2}, {3, 3}, {5, 11}, {2, 5}, {4, 2}, {2, 1}};

Work make(Fields& fields) {
    const int function = fields.choice({"rectified", "elu", "gelu", "silu", "softplus", "affine"});
    const int pass = fields.choice({"forward", "gradient"});
    const std::int64_t count = fields.number();
    const Elementwise e{static_cast<Function>(function), 0.25F, 0.0F, 6.0F, 1.0F, 0.5F, 0.125F};
    const Table& table = current();
    const auto memory = arena(3 * count);
    const float* const x = memory->filled(count);
    const float* const dy = memory->filled(count);
    float* const y = memory->filled(count);
    const double total = flops[function][pass] * static_cast<double>(count);
    if (pass == 0)
        return {total, 2 * four_bytes(count), [=, &table, keep = memory] { table.elementwise_forward(e, count, x, y); }};
    return {total, 3 * four_bytes(count), [=, &table, keep = memory] { table.elementwise_gradient(e, count, x, dy, y); }};
}

std::vector<std::string> cases() {
    std::vector<std::string> found;
    for (const char* function : {"rectified", "elu", "gelu", "silu", "softplus", "affine"})
        for (const char* pass : {",forward,65536", ",gradient,65536"}) found.push_back(std::string(function) + pass);
    return found;
}

}  // namespace

int main(int count, char** arguments) { return run("elementwise", cases(), make, count, arguments); }
