// The rounding errors of 3x3 convolutions: each pass of "N,SIZE,C,K,3,1,PADDING" by the direct sums and by Winograd's tiles
// against sums in binary64, a line of JSON each. rms: the root of the mean square of the error over that of the result; max:
// the largest error over the same root. The operands are standard normal numbers of the law, and so are the same everywhere.
//   winograd_error [CASE ...]
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <span>

#include "conv.h"
#include "samebits/base/check.h"
#include "samebits/base/thread_pool.h"
#include "samebits/numerics/random.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;

struct Algorithm {
    const char* name;
    int outputs;  // a side of Winograd's tiles
};
constexpr Algorithm algorithms[] = {{"direct", 0}, {"winograd2", 2}, {"winograd4", 4}};

float* normal(Arena& memory, std::int64_t count, std::uint32_t stream) {
    float* x = memory.filled(count);
    for (std::int64_t i = 0; i < count; ++i) x[i] = numerics::normal(0, static_cast<std::uint32_t>(i), 0, stream);
    return x;
}

// One output pixel and one tap: x is (C), y (K) and w (C, K), of which one is the sum. Their places in `sums` are those in the
// result.
void add(const Conv2D& v, ConvPass pass, const float* x, const float* w, const float* y, double* sums) {
    for (std::int64_t c = 0; c < v.c; ++c)
        for (std::int64_t k = 0; k < v.k; ++k) {
            if (pass == ConvPass::forward)
                sums[k] += double{x[c]} * double{w[c * v.k + k]};
            else if (pass == ConvPass::input_gradient)
                sums[c] += double{y[k]} * double{w[c * v.k + k]};
            else
                sums[c * v.k + k] += double{x[c]} * double{y[k]};
        }
}

std::vector<double> exact(const Conv2D& v, ConvPass pass, const Operands& o, std::int64_t count) {
    std::vector<double> sums(static_cast<std::size_t>(count));
    for (std::int64_t pixel = 0; pixel < v.n * v.p * v.q; ++pixel)
        for (std::int64_t tap = 0; tap < v.r * v.s; ++tap) {
            const std::int64_t row = pixel / v.q % v.p + tap / v.s - v.pad_top;
            const std::int64_t column = pixel % v.q + tap % v.s - v.pad_left;
            if (row < 0 || row >= v.h || column < 0 || column >= v.w) continue;
            const std::int64_t x = ((pixel / (v.p * v.q) * v.h + row) * v.w + column) * v.c;
            const std::int64_t w = tap * v.c * v.k;
            const std::int64_t y = pixel * v.k;
            const std::int64_t place = pass == ConvPass::forward ? y : pass == ConvPass::input_gradient ? x : w;
            add(v, pass, o.x + x, o.w + w, o.y + y, sums.data() + place);
        }
    return sums;
}

void print(const std::string& name, const std::string& pass, const char* algorithm, std::span<const float> result,
           std::span<const double> sums) {
    double squares = 0;
    double errors = 0;
    double largest = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const double error = double{result[i]} - sums[i];
        squares += sums[i] * sums[i];
        errors += error * error;
        largest = std::max(largest, std::abs(error));
    }
    std::printf(R"({"case": "%s", "pass": "%s", "algorithm": "%s", "rms": %.3g, "max": %.3g})", name.c_str(), pass.c_str(),
                algorithm, std::sqrt(errors / squares), largest / std::sqrt(squares / static_cast<double>(sums.size())));
    std::printf("\n");
    std::fflush(stdout);
}

void measure(const std::string& name) {
    Fields fields(name);
    const Conv2D v = parse(fields);
    if (v.r != 3 || v.stride_h != 1 || v.pad_top > 2)
        fail<InvalidArgument>(
            "[benchmark] Winograd takes 3x3 windows, stride 1 and padding of at most 2; got {}; give N,SIZE,C,K,3,1,1", name);
    const std::int64_t inputs = v.n * v.h * v.w * v.c;
    const std::int64_t weights = v.r * v.s * v.c * v.k;
    const std::int64_t outputs = v.n * v.p * v.q * v.k;
    for (std::size_t i = 0; i < pass_names().size(); ++i) {
        const auto pass = static_cast<ConvPass>(i);
        const std::int64_t count = std::array{outputs, inputs, weights}[i];
        std::size_t space = 0;
        for (const Algorithm& algorithm : algorithms) space = std::max(space, workspace(v, pass, algorithm.outputs));
        const auto memory = arena(inputs + weights + outputs, space);
        const Operands o{normal(*memory, inputs, 1), normal(*memory, weights, 2), normal(*memory, outputs, 3), nullptr,
                         memory->take(space)};
        const std::vector<double> sums = exact(v, pass, o, count);
        const float* const result = std::array{o.y, o.x, o.w}[i];
        for (const Algorithm& algorithm : algorithms) {
            convolution(v, pass, algorithm.outputs, o)();
            print(name, pass_names()[i], algorithm.name, {result, sums.size()}, sums);
        }
    }
}

}  // namespace

int main(int count, char** arguments) {
    try {
        set_thread_count(1);
        std::vector<std::string> cases(arguments + 1, arguments + count);
        if (cases.empty()) cases = {"4,16,16,16,3,1,1", "4,16,64,64,3,1,1", "4,16,256,256,3,1,1"};
        for (const std::string& name : cases) measure(name);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
