// Activations and their gradients: "KIND,PASS,COUNT".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int kind = fields.choice({"relu", "tanh", "sigmoid"});
    const bool forward = fields.choice({"forward", "gradient"}) == 0;
    const std::int64_t count = fields.number();
    const auto activation = static_cast<Activation>(kind + 1);  // after linear
    const Table& table = current();
    const auto memory = arena(3 * count);
    const float* const x = memory->filled(count);
    const float* const dy = memory->filled(count);
    float* const y = memory->filled(count);
    const double n = static_cast<double>(count);
    if (forward)
        return {n, 2 * four_bytes(count), [=, &table, keep = memory] { table.activation_forward(activation, count, x, y); }};
    const double flops[] = {1, 3, 3};
    return {flops[kind] * n, 3 * four_bytes(count),
            [=, &table, keep = memory] { table.activation_gradient(activation, count, x, dy, y); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("activation",
               {"relu,forward,65536", "relu,forward,8388608", "relu,gradient,65536", "relu,gradient,8388608",
                "tanh,forward,65536", "tanh,gradient,65536", "sigmoid,forward,65536", "sigmoid,gradient,65536"},
               make, count, arguments);
}
