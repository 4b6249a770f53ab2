// The network of digits.toml, built in code: the same digest. With a file's name it saves the trained model there.
// Usage: model [FILE.safetensors]
#include <samebits/samebits.h>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace sb = samebits;

// Pixels 0..16 as numbers from 0 to 1, (N, 8, 8, 1).
static sb::Tensor images(const sb::ArrayView& pixels) {
    sb::Tensor x({pixels.length(), 8, 8, 1});
    const auto* bytes = static_cast<const unsigned char*>(pixels.data);
    std::transform(bytes, bytes + x.size(), x.data(), [](unsigned char pixel) { return static_cast<float>(pixel) / 16; });
    return x;
}

int main(int argc, char** argv) {
    try {
        const sb::Digits digits = sb::load_digits();
        sb::Sequential model(
            {sb::layers::Conv2D{.filters = 16, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"},
             sb::layers::MaxPooling2D{},
             sb::layers::Conv2D{.filters = 32, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"},
             sb::layers::MaxPooling2D{}, sb::layers::Flatten{}, sb::layers::Dropout{.rate = 0.25},
             sb::layers::Dense{.units = 64, .activation = "relu"}, sb::layers::Dense{.units = 10, .activation = "softmax"}},
            {.seed = 7});
        model.compile({.optimizer = sb::optimizers::Adam{.learning_rate = 0.003},
                       .loss = "sparse_categorical_crossentropy",
                       .metrics = {"accuracy"}});
        model.fit(images(digits.x_train), digits.y_train, {.batch_size = 32, .epochs = 10, .validation_split = 0.1});
        for (const auto& [name, value] : model.evaluate(images(digits.x_test), digits.y_test))
            std::printf("test %s: %.4f\n", name.c_str(), value);
        if (argc > 1) model.save(argv[1]);
        std::printf("digest: %s\n", model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
