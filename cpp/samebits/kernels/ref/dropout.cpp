#include "samebits/kernels/dropout.h"

#include "samebits/kernels/registry.h"
#include "samebits/numerics/random.h"

namespace samebits::kernels::ref {
namespace {

void dropout(const Dropout& dropout, const float* x, float* y) {
    const std::uint32_t threshold = numerics::dropout_threshold(dropout.rate);
    const float scale = numerics::dropout_scale(dropout.rate);
    for (std::int64_t i = 0; i < dropout.samples; ++i) {
        const auto sample = dropout.first_sample + static_cast<std::uint32_t>(i);
        for (std::int64_t e = 0; e < dropout.elements; ++e, ++x, ++y) {
            const std::uint32_t r =
                numerics::random_bits(dropout.seed, static_cast<std::uint64_t>(e), sample, dropout.step, dropout.stream);
            *y = r >= threshold ? *x * scale : 0.0F;
        }
    }
}

}  // namespace

void fill_dropout(Table& table) { table.dropout = dropout; }

}  // namespace samebits::kernels::ref
