// Losses with their gradients: "KIND,ROWS,COLS"; the first with labels, the others with dense targets.
#include "bench.h"
#include "samebits/kernels/registry.h"

namespace {

using namespace samebits;
using namespace samebits::benchmarks;
using namespace samebits::kernels;

Work make(Fields& fields) {
    const int kind = fields.choice({"softmax_crossentropy", "crossentropy", "sigmoid_crossentropy", "binary_crossentropy",
                                    "mean_squared_error", "mean_absolute_error", "huber"});
    const std::int64_t rows = fields.number();
    const std::int64_t cols = fields.number();
    const std::int64_t count = rows * cols;
    const Table& table = current();
    const auto memory = arena(3 * count + rows, static_cast<std::size_t>(rows) * sizeof(std::int32_t));
    float* const output = memory->positive(count);
    float* const target = memory->positive(count);
    for (std::int64_t i = 0; i < count; ++i) {  // of both: from 0.05 to 0.85, as probabilities are
        output[i] /= 2;
        target[i] /= 2;
    }
    auto* const label = reinterpret_cast<std::int32_t*>(memory->take(static_cast<std::size_t>(rows) * sizeof(std::int32_t)));
    for (std::int64_t i = 0; i < rows; ++i) label[i] = static_cast<std::int32_t>(i % cols);
    const bool sparse = kind == 0;
    const Loss loss{.kind = static_cast<LossKind>(kind),
                    .rows = rows,
                    .cols = cols,
                    .output = output,
                    .target = sparse ? nullptr : target,
                    .label = sparse ? label : nullptr,
                    .scale = 1.0F / static_cast<float>(rows),
                    .loss = memory->filled(rows),
                    .probability = nullptr,
                    .gradient = memory->filled(count)};
    const double flops[] = {7, 12, 9, 14, 5, 4, 6};
    return {flops[kind] * static_cast<double>(count), (sparse ? 2 : 3) * four_bytes(count) + 2 * four_bytes(rows),
            [=, &table, keep = memory] { table.loss(loss); }};
}

}  // namespace

int main(int count, char** arguments) {
    return run("loss",
               {"softmax_crossentropy,128,10", "softmax_crossentropy,8192,10", "softmax_crossentropy,64,1000",
                "crossentropy,8192,10", "binary_crossentropy,8192,1", "mean_squared_error,64,1000"},
               make, count, arguments);
}
