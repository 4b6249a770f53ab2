// The network of digits.toml, built in code: the same digest. With a file's name it saves the trained model there.
// Usage: model [FILE.safetensors]
#include <samebits/samebits.h>

#include <cstdio>
#include <exception>

namespace sb = samebits;

int main(int argc, char** argv) {
    try {
        const sb::Digits digits = sb::load_digits();
        sb::Sequential model(
            {sb::layers::Rescaling{.scale = 1.0 / 16}, sb::layers::Reshape{.target_shape = {8, 8, 1}},
             sb::layers::Conv2D{.filters = 16, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"},
             sb::layers::MaxPooling2D{},
             sb::layers::Conv2D{.filters = 32, .kernel_size = {3, 3}, .padding = "same", .activation = "relu"},
             sb::layers::MaxPooling2D{}, sb::layers::Flatten{}, sb::layers::Dropout{.rate = 0.25},
             sb::layers::Dense{.units = 64, .activation = "relu"}, sb::layers::Dense{.units = 10, .activation = "softmax"}},
            {.seed = 7});
        model.compile({.optimizer = sb::optimizers::Adam{.learning_rate = 0.003},
                       .loss = "sparse_categorical_crossentropy",
                       .metrics = {"accuracy"}});
        model.fit(digits.x_train, digits.y_train, {.batch_size = 32, .epochs = 10, .validation_split = 0.1});
        for (const auto& [name, value] : model.evaluate(digits.x_test, digits.y_test))
            std::printf("test %s: %.4f\n", name.c_str(), value);
        if (argc > 1) model.save(argv[1]);
        std::printf("digest: %s\n", model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
