// What this machine can do with the threads given: "fma" is the peak of fused multiply-adds, "triad,B" and "copy,B" are passes
// over arrays of B bytes in all, each thread over its own part (three arrays, a = b + 3 * c, or two; a store's own read of its
// line is not counted).
#include <cstring>

#include "bandwidth.h"
#include "bench.h"
#include "fma_peak.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;

Work fma_work() {
    const auto chains = fma_chains(kernels::current_isa());
    constexpr std::int64_t rounds = 100000;
    const double flops = chains(1) * rounds * thread_count();
    return {flops, 0, [chains] { parallel_for(thread_count(), [&](std::int64_t) { chains(rounds); }); }};
}

Work passes(std::int64_t bytes, int arrays) {
    const int threads = thread_count();
    const std::int64_t part = std::max<std::int64_t>(64, bytes / 4 / arrays / threads / 64 * 64);
    const std::int64_t count = part * threads;
    const auto memory = arena(3 * count);
    float* const a = memory->filled(count);
    const float* const b = memory->filled(count);
    const float* const c = arrays == 3 ? memory->filled(count) : b;
    const auto triad_of = triad(kernels::current_isa());
    return {arrays == 3 ? 2.0 * static_cast<double>(count) : 0.0, arrays * four_bytes(count), [=, keep = memory] {
                parallel_for(threads, [&](std::int64_t t) {
                    if (arrays == 3)
                        triad_of(part, a + t * part, b + t * part, c + t * part);
                    else
                        std::memcpy(a + t * part, b + t * part, static_cast<std::size_t>(part) * sizeof(float));
                });
            }};
}

Work make(Fields& fields) {
    const int kind = fields.choice({"fma", "triad", "copy"});
    if (kind == 0) return fma_work();
    return passes(fields.number(), kind == 1 ? 3 : 2);
}

}  // namespace

int main(int count, char** arguments) {
    return run("machine", {"fma", "triad,400000000", "copy,400000000", "triad,500000", "copy,500000"}, make, count, arguments);
}
