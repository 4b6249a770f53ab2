// dense_tf.py in C++.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "arrays.h"

namespace sb = samebits;

// One row a label, 1 in the column of its class.
static sb::Tensor one_hot(const sb::NpyArray& classes, std::int64_t count) {
    if (classes.dtype != sb::DType::int32) throw std::runtime_error("labels must be int32, as make_data.py writes them");
    const auto* values = reinterpret_cast<const std::int32_t*>(classes.buffer.data());
    sb::Tensor rows({classes.shape[0], count});
    for (std::int64_t i = 0; i < rows.size(); ++i) rows.data()[i] = values[i / count] == i % count ? 1.0f : 0.0f;
    return rows;
}

int main() {
    try {
        for (const auto& device : sb::runtime::devices()) std::printf("device: %s\n", device.name.c_str());
        sb::runtime::configure({.memory = sb::MemoryMode::grow});  // the default

        const sb::NpyArray x = numbers("dense_x", {1000, 10});
        const sb::Tensor y = one_hot(labels("dense_y", 1000, 2), 2);

        sb::Sequential model({sb::layers::Dense{.units = 10, .activation = "relu"},
                              sb::layers::Dense{.units = 10, .activation = "relu"},
                              sb::layers::Dense{.units = 2, .activation = "softmax"}});
        model.compile({.optimizer = sb::optimizers::Adam{}, .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
        model.fit(x.view(), y, {.epochs = 3});
        std::printf("digest: %s\n", model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "training failed: %s\n", error.what());
        return 1;
    }
}
