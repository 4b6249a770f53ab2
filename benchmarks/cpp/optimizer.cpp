// What a step does to a weight: "KIND,COUNT".
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int kind = fields.choice({"adam", "sgd", "momentum", "rms_prop"});
    const std::int64_t count = fields.number();
    const Table& table = current();
    const auto memory = arena(4 * count);
    float* const w = memory->positive(count);
    const float* const g = memory->positive(count);  // under a gradient of 0 m and v end as subnormals
    float* const m = memory->filled(count);
    float* const v = memory->positive(count);
    const double n = static_cast<double>(count);
    const double each = four_bytes(count);
    switch (kind) {
        case 0:
            return {12 * n, 7 * each, [=, &table, keep = memory] {
                        table.adam({1e-3F, 0.1F, 1e-3F, 1e-7F}, count, w, g, m, v);
                    }};
        case 3:
            return {8 * n, 5 * each, [=, &table, keep = memory] {
                        table.rms_prop({1e-3F, 0.9F, 0.1F, 0.0F, 1e-7F}, count, w, g, v, nullptr);
                    }};
        default:
            const float momentum = kind == 2 ? 0.9F : 0.0F;
            return {(kind == 2 ? 4 : 2) * n, (kind == 2 ? 5 : 3) * each, [=, &table, keep = memory] {
                        table.sgd({1e-3F, momentum, false}, count, w, g, momentum != 0.0F ? m : nullptr);
                    }};
    }
}

}  // namespace

int main(int count, char** arguments) {
    return run("optimizer", {"adam,16384", "adam,4194304", "sgd,16384", "sgd,4194304", "momentum,16384", "rms_prop,16384"},
               make, count, arguments);
}
