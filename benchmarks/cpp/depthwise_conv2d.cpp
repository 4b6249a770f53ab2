// Each pass of depthwise convolutions with one window a channel, padded to keep the size: "PASS,N,SIZE,C,WINDOW".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int pass = fields.choice({"forward", "input_gradient", "weight_gradient"});
    const std::int64_t n = fields.number();
    const std::int64_t size = fields.number();
    const std::int64_t c = fields.number();
    const std::int64_t window = fields.number();
    const std::int64_t before = window / 2;
    const DepthwiseConv2D v{n, size, size, c, 1, window, window, 1, 1, 1, 1, before, before, size, size};
    const std::int64_t count = n * size * size * c;
    const std::int64_t weights = window * window * c;
    const Table& table = current();
    const std::size_t space = table.depthwise_conv2d_workspace(v);
    const auto memory = arena(2 * count + weights + c, space);
    float* const x = memory->filled(count);
    float* const y = memory->filled(count);
    float* const w = memory->filled(weights);
    const float* const bias = memory->filled(c);
    std::byte* const workspace = memory->take(space);
    return {2.0 * static_cast<double>(count * window * window), 2 * four_bytes(count), [=, &table, keep = memory] {
                if (pass == 0) table.depthwise_conv2d_forward(v, x, w, bias, Activation::linear, y);
                if (pass == 1) table.depthwise_conv2d_input_gradient(v, y, w, x);
                if (pass == 2) table.depthwise_conv2d_weight_gradient(v, x, y, w, workspace);
            }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("depthwise_conv2d",
               {"forward,8,32,64,3", "input_gradient,8,32,64,3", "weight_gradient,8,32,64,3", "forward,8,14,256,3"}, make,
               count, arguments);
}
