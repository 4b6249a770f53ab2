// Each pass of convolutions over square maps: "ALGORITHM,PASS,N,SIZE,C,K,WINDOW,STRIDE,PADDING", padding on each side. "auto"
// is what a Conv2D layer takes. The flops are those of the direct sums, padded taps counted, also where Winograd's tiles need
// fewer.
#include "conv.h"
#include "samebits/numerics/winograd.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

// Outputs a side of Winograd's tiles; 0: others. As Conv2D's algorithm says; "auto" is the layer's default.
int winograd_tile(int algorithm, const Conv2D& v, ConvPass pass) {
    if (algorithm >= 2) return algorithm == 2 ? 2 : 4;
    if (algorithm == 1 || v.r != 3 || v.stride_h != 1) return 0;
    const Conv2D c = pass == ConvPass::input_gradient ? transposed(v) : v;
    return numerics::winograd_outputs(c.p, c.q, c.c, c.k);
}

// A window of one cell that moves by one, which the layer leaves to gemm.
Gemm product(const Conv2D& v, ConvPass pass) {
    const std::int64_t m = v.n * v.p * v.q;
    Gemm gemm{GemmLayout::nn, m, v.k, v.c, nullptr, v.c, nullptr, v.k, nullptr, v.k, numerics::over_terms(v.c)};
    if (pass == ConvPass::input_gradient)
        gemm = {GemmLayout::nt, m, v.c, v.k, nullptr, v.k, nullptr, v.k, nullptr, v.c, numerics::over_terms(v.k)};
    if (pass == ConvPass::weight_gradient) {
        const auto chunking = numerics::over_pixels(v.n, v.p, v.q);
        gemm = {GemmLayout::tn, v.c, v.k, m, nullptr, v.c, nullptr, v.k, nullptr, v.k, chunking};
    }
    return gemm;
}

std::function<void()> multiplied(Gemm gemm, ConvPass pass, const Operands& o) {
    const Table& table = current();
    gemm.a = pass == ConvPass::input_gradient ? o.y : o.x;
    gemm.b = pass == ConvPass::weight_gradient ? o.y : o.w;
    gemm.c = pass == ConvPass::forward ? o.y : pass == ConvPass::input_gradient ? o.x : o.w;
    gemm.bias = pass == ConvPass::forward ? o.bias : nullptr;
    return [=, &table] { table.gemm(gemm, o.workspace); };
}

Work make(Fields& fields) {
    const int algorithm = fields.choice({"auto", "direct", "winograd2", "winograd4"});
    const auto pass = static_cast<ConvPass>(fields.choice(pass_names()));
    const Conv2D v = parse(fields);
    const std::int64_t inputs = v.n * v.h * v.w * v.c;
    const std::int64_t weights = v.r * v.s * v.c * v.k;
    const std::int64_t outputs = v.n * v.p * v.q * v.k;
    const bool is_product = algorithm == 0 && v.r * v.stride_h == 1;
    const int tile = winograd_tile(algorithm, v, pass);
    const std::size_t space = is_product ? current().gemm_workspace(product(v, pass)) : workspace(v, pass, tile);
    const auto memory = arena(inputs + weights + outputs + v.k, space);
    const Operands o{memory->filled(inputs), memory->filled(weights), memory->filled(outputs), memory->filled(v.k),
                     memory->take(space)};
    const auto call = is_product ? multiplied(product(v, pass), pass, o) : convolution(v, pass, tile, o);
    const double flops = 2.0 * static_cast<double>(outputs) * static_cast<double>(v.r * v.s * v.c);
    return {flops, four_bytes(inputs + weights + outputs), [call, keep = memory] { call(); }};
}

// All passes of some layers.
std::vector<std::string> cases() {
    std::vector<std::string> found;
    for (const char* layer : {"32,8,1,16,3,1,0", "32,28,1,32,3,1,0", "32,28,3,32,3,1,0", "32,13,32,64,3,1,0",
                              "32,32,16,16,3,1,1", "32,16,32,32,3,1,1", "32,8,64,64,3,1,1", "8,56,64,64,3,1,1",
                              "8,14,256,256,3,1,1", "32,56,64,64,1,1,0", "8,224,3,64,7,2,3"})
        for (const char* pass : {"auto,forward,", "auto,input_gradient,", "auto,weight_gradient,"})
            found.push_back(std::string(pass) + layer);
    return found;
}

}  // namespace

int main(int count, char** arguments) { return run("conv2d", cases(), make, count, arguments); }
