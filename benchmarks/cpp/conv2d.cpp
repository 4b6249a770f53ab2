// Each pass of convolutions over square maps: "PASS,N,SIZE,C,K,WINDOW,STRIDE,PADDING", padding on each side. Padded taps are
// counted among the flops.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Conv2D parse(Fields& fields) {
    Conv2D v{};
    v.n = fields.number();
    v.h = v.w = fields.number();
    v.c = fields.number();
    v.k = fields.number();
    v.r = v.s = fields.number();
    v.stride_h = v.stride_w = fields.number();
    v.pad_top = v.pad_left = fields.number();
    v.p = v.q = (v.h + 2 * v.pad_top - v.r) / v.stride_h + 1;
    return v;
}

Work make(Fields& fields) {
    const auto pass = static_cast<ConvPass>(fields.choice({"forward", "input_gradient", "weight_gradient"}));
    const Conv2D v = parse(fields);
    const std::int64_t inputs = v.n * v.h * v.w * v.c;
    const std::int64_t weights = v.r * v.s * v.c * v.k;
    const std::int64_t outputs = v.n * v.p * v.q * v.k;
    const Table& table = current();
    const std::size_t space = table.conv2d_workspace(v, pass);
    const auto memory = arena(inputs + weights + outputs + v.k, space);
    float* const x = memory->filled(inputs);
    float* const w = memory->filled(weights);
    float* const y = memory->filled(outputs);
    const float* const bias = memory->filled(v.k);
    std::byte* const workspace = memory->take(space);
    const double flops = 2.0 * static_cast<double>(outputs) * static_cast<double>(v.r * v.s * v.c);
    return {flops, four_bytes(inputs + weights + outputs), [=, &table, keep = memory] {
                if (pass == ConvPass::forward) table.conv2d_forward(v, x, w, bias, Activation::linear, y, workspace);
                if (pass == ConvPass::input_gradient) table.conv2d_input_gradient(v, y, w, x, workspace);
                if (pass == ConvPass::weight_gradient) table.conv2d_weight_gradient(v, x, y, w, workspace);
            }};
}

// All passes of some layers.
std::vector<std::string> cases() {
    std::vector<std::string> found;
    for (const char* layer : {"32,8,1,16,3,1,0", "32,28,1,32,3,1,0", "32,28,3,32,3,1,0", "32,13,32,64,3,1,0",
                              "32,32,16,16,3,1,1", "32,16,32,32,3,1,1", "32,8,64,64,3,1,1", "8,56,64,64,3,1,1",
                              "8,14,256,256,3,1,1", "32,56,64,64,1,1,0", "8,224,3,64,7,2,3"})
        for (const char* pass : {"forward,", "input_gradient,", "weight_gradient,"}) found.push_back(std::string(pass) + layer);
    return found;
}

}  // namespace

int main(int count, char** arguments) { return run("conv2d", cases(), make, count, arguments); }
