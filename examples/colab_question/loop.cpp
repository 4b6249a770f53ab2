// loop_tf.py in C++.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>

#include "arrays.h"

namespace sb = samebits;

// Up to `count` samples from the one numbered `first`.
static sb::ArrayView batch(const sb::ArrayView& all, std::int64_t first, std::int64_t count) {
    sb::ArrayView part = all;
    part.data = static_cast<const std::byte*>(all.data) + first * all.strides[0];
    part.shape[0] = std::min(count, all.length() - first);
    return part;
}

int main() {
    try {
        const sb::NpyArray x = numbers("loop_x", {10000, 100});
        const sb::NpyArray y = labels("loop_y", 10000, 10);

        sb::Sequential model({sb::layers::Dense{.units = 1024, .activation = "relu"},
                              sb::layers::Dense{.units = 1024, .activation = "relu"},
                              sb::layers::Dense{.units = 10, .activation = "softmax"}});
        model.compile(
            {.optimizer = sb::optimizers::Adam{}, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});

        const auto start = std::chrono::steady_clock::now();
        for (std::int64_t first = 0, step = 0; first < x.shape[0]; first += 128, ++step) {
            const sb::Metrics metrics = model.train_on_batch(batch(x.view(), first, 128), batch(y.view(), first, 128));
            if (step % 20 != 0) continue;
            std::printf("batch %d: loss %.4f, accuracy %.4f\n", static_cast<int>(step), metrics[0].second, metrics[1].second);
        }
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        std::printf("time: %.2f s\n", taken.count());
        std::printf("digest: %s\n", model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "training failed: %s\n", error.what());
        return 1;
    }
}
