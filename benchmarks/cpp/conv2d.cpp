// GFLOP/s of each pass of some layers (2 * N*P*Q * R*S*C * K flops, padded taps counted), the median of `runs` timings, for
// the instruction set and threads of SAMEBITS_ISA and SAMEBITS_THREADS. One line of JSON per layer and pass.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "samebits/base/memory.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::kernels;

constexpr int runs = 15;

struct Layer {
    const char* name;
    Conv2D conv;
};

// Stride 1, square maps and windows; padding on each side.
Conv2D layer(std::int64_t n, std::int64_t size, std::int64_t c, std::int64_t k, std::int64_t window, std::int64_t padding) {
    const std::int64_t out = size + 2 * padding - window + 1;
    return {n, size, size, c, k, window, window, 1, 1, padding, padding, out, out};
}

Buffer filled(std::int64_t count) {
    Buffer buffer(static_cast<std::size_t>(count) * sizeof(float));
    auto* x = reinterpret_cast<float*>(buffer.data());
    for (std::int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(i * 37 % 101 - 50) / 64.0F;
    return buffer;
}

float* floats(const Buffer& buffer) { return reinterpret_cast<float*>(buffer.data()); }

template <class Body>
double median_seconds(Body body) {
    std::array<double, runs> seconds{};
    body();
    for (double& s : seconds) {
        const auto start = std::chrono::steady_clock::now();
        body();
        s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    std::nth_element(seconds.begin(), seconds.begin() + runs / 2, seconds.end());
    return seconds[runs / 2];
}

void print(const Layer& layer, const char* pass, double seconds) {
    const Conv2D& v = layer.conv;
    const double flops = 2.0 * static_cast<double>(v.n * v.p * v.q * v.r * v.s) * static_cast<double>(v.c * v.k);
    std::printf(
        "{\"op\": \"conv2d\", \"layer\": \"%s\", \"pass\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"us\": %.1f, \"gflops\": "
        "%.1f}\n",
        layer.name, pass, std::string(name_of(current_isa())).c_str(), thread_count(), seconds * 1e6, flops / seconds * 1e-9);
}

void measure(const Layer& layer) {
    const Conv2D& v = layer.conv;
    const Table& table = current();
    const Buffer x = filled(v.n * v.h * v.w * v.c);
    const Buffer w = filled(v.r * v.s * v.c * v.k);
    const Buffer y = filled(v.n * v.p * v.q * v.k);
    const Buffer bias = filled(v.k);
    const Buffer forward(table.conv2d_workspace(v, ConvPass::forward));
    const Buffer input(table.conv2d_workspace(v, ConvPass::input_gradient));
    const Buffer weight(table.conv2d_workspace(v, ConvPass::weight_gradient));
    print(layer, "weight_gradient",
          median_seconds([&] { table.conv2d_weight_gradient(v, floats(x), floats(y), floats(w), weight.data()); }));
    print(layer, "input_gradient",
          median_seconds([&] { table.conv2d_input_gradient(v, floats(y), floats(w), floats(x), input.data()); }));
    print(layer, "forward", median_seconds([&] {
              table.conv2d_forward(v, floats(x), floats(w), floats(bias), Activation::relu, floats(y), forward.data());
          }));
}

}  // namespace

int main() {
    const Layer layers[] = {
        {"digits 8x8 1->16 3x3, 32", layer(32, 8, 1, 16, 3, 0)},   {"28x28 1->32 3x3, 32", layer(32, 28, 1, 32, 3, 0)},
        {"13x13 32->64 3x3, 32", layer(32, 13, 32, 64, 3, 0)},     {"32x32 3->64 3x3 same, 32", layer(32, 32, 3, 64, 3, 1)},
        {"32x32 64->64 3x3 same, 8", layer(8, 32, 64, 64, 3, 1)},  {"16x16 128->128 3x3 same, 8", layer(8, 16, 128, 128, 3, 1)},
        {"8x8 256->256 3x3 same, 8", layer(8, 8, 256, 256, 3, 1)}, {"56x56 256->64 1x1, 1", layer(1, 56, 256, 64, 1, 0)},
    };
    for (const Layer& layer : layers) measure(layer);
}
