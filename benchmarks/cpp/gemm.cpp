// gemm [--threads N] [--runs N]: GFLOP/s of products of several shapes and layouts for the instruction set of SAMEBITS_ISA,
// and their share of the peak of fused multiply-adds, measured between the runs on one core. One line of JSON per case.
// Time is the thread's own CPU time with one thread (other programs may run), wall time with more; medians over the runs.
#include <ctime>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "fma_peak.h"
#include "samebits/base/memory.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::kernels;

struct Shape {
    GemmLayout layout;
    std::int64_t m, n, k;
};

constexpr Shape shapes[] = {
    {GemmLayout::nn, 1024, 1024, 1024}, {GemmLayout::nt, 1024, 1024, 1024}, {GemmLayout::tn, 1024, 1024, 1024},
    {GemmLayout::nn, 512, 512, 512},    {GemmLayout::nn, 256, 256, 256},    {GemmLayout::nn, 128, 128, 128},
    {GemmLayout::nn, 64, 64, 64},       {GemmLayout::nn, 32, 32, 32},       {GemmLayout::nn, 128, 1024, 1024},
    {GemmLayout::nt, 128, 1024, 1024},  {GemmLayout::tn, 1024, 1024, 128},  {GemmLayout::nn, 128, 512, 784},
    {GemmLayout::nt, 128, 784, 512},    {GemmLayout::tn, 784, 512, 128},    {GemmLayout::nn, 32, 128, 784},
    {GemmLayout::tn, 784, 128, 32},     {GemmLayout::nn, 32, 10, 128},      {GemmLayout::nt, 32, 128, 10},
    {GemmLayout::tn, 128, 10, 32},      {GemmLayout::nn, 32, 128, 64},      {GemmLayout::nt, 32, 64, 128},
    {GemmLayout::tn, 64, 128, 32},      {GemmLayout::nn, 64, 256, 4608},    {GemmLayout::nn, 8, 1024, 1024},
    {GemmLayout::nn, 1, 1024, 1024},    {GemmLayout::nn, 32, 32, 13},       {GemmLayout::nn, 1000, 1000, 1000},
};

double now(bool own_time) {
    timespec t{};
    clock_gettime(own_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
    const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
    std::nth_element(x.begin(), middle, x.end());
    return *middle;
}

// As in a training run, everything lies in one block.
class Arena {
public:
    explicit Arena(std::size_t bytes) : buffer_(bytes) {}

    std::byte* take(std::size_t bytes) {
        std::byte* p = buffer_.data() + used_;
        used_ += aligned_bytes(bytes);
        return p;
    }
    float* take_filled(std::int64_t count) {
        auto* x = reinterpret_cast<float*>(take(static_cast<std::size_t>(count) * sizeof(float)));
        for (std::int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(i * 37 % 101 - 50) / 64.0F;
        return x;
    }

private:
    Buffer buffer_;
    std::size_t used_ = 0;
};

// Flops of body() per second: body is repeated for about 2 ms, so that the clock's own cost vanishes.
template <class Body>
double rate(double flops, bool own_time, Body body) {
    const auto repeats = static_cast<std::int64_t>(2e8 / flops) + 1;
    const double start = now(own_time);
    for (std::int64_t i = 0; i < repeats; ++i) body();
    return flops * static_cast<double>(repeats) / (now(own_time) - start);
}

void measure(const Shape& s, int runs) {
    const Table& table = current();
    Gemm gemm{.layout = s.layout,
              .m = s.m,
              .n = s.n,
              .k = s.k,
              .a = nullptr,
              .lda = s.layout == GemmLayout::tn ? s.m : s.k,
              .b = nullptr,
              .ldb = s.layout == GemmLayout::nt ? s.k : s.n,
              .c = nullptr,
              .ldc = s.n,
              .chunking = numerics::over_terms(s.k),
              .activation = Activation::relu};
    const std::size_t space = table.gemm_workspace(gemm);
    const std::int64_t floats = s.m * s.k + s.k * s.n + s.m * s.n + s.n;
    Arena arena(static_cast<std::size_t>(floats) * sizeof(float) + space + 5 * memory_alignment);
    gemm.a = arena.take_filled(s.m * s.k);
    gemm.b = arena.take_filled(s.k * s.n);
    gemm.c = arena.take_filled(s.m * s.n);
    gemm.bias = arena.take_filled(s.n);
    std::byte* workspace = arena.take(space);
    const auto chains = benchmarks::fma_chains(current_isa());
    const double flops = 2.0 * static_cast<double>(s.m) * static_cast<double>(s.n) * static_cast<double>(s.k);
    const bool one_thread = thread_count() == 1;
    std::vector<double> product;
    std::vector<double> peak;
    table.gemm(gemm, workspace);
    for (int run = 0; run < runs; ++run) {
        peak.push_back(rate(chains(1) * 1000, true, [&] { chains(1000); }));
        product.push_back(rate(flops, one_thread, [&] { table.gemm(gemm, workspace); }));
    }
    const char* const names[] = {"nn", "nt", "tn"};
    std::printf(
        "{\"op\": \"gemm\", \"layout\": \"%s\", \"m\": %ld, \"n\": %ld, \"k\": %ld, \"isa\": \"%s\", \"threads\": %d, "
        "\"us\": %.2f, \"gflops\": %.1f, \"fma_peak\": %.1f, \"of_peak\": %.3f, \"workspace\": %zu}\n",
        names[static_cast<int>(s.layout)], static_cast<long>(s.m), static_cast<long>(s.n), static_cast<long>(s.k),
        std::string(name_of(current_isa())).c_str(), thread_count(), flops / median(product) * 1e6, median(product) * 1e-9,
        median(peak) * 1e-9, median(product) / (median(peak) * thread_count()), space);
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
    int runs = 15;
    set_thread_count(1);
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        const int value = std::atoi(arguments[i + 1]);
        if (name == "--threads") set_thread_count(value);
        if (name == "--runs" && value > 0) runs = value;
    }
    for (const Shape& shape : shapes) measure(shape, runs);
}
