// images_tf.py in C++.
#include <cstdio>
#include <exception>

#include "arrays.h"

namespace sb = samebits;

int main() {
    try {
        const sb::NpyArray images = numbers("images_x", {320, 28, 28, 3});
        const sb::NpyArray classes = labels("images_y", 320, 10);

        sb::Sequential model({sb::layers::Input{.shape = {28, 28, 3}},
                              sb::layers::Conv2D{.filters = 32, .kernel_size = {3, 3}, .activation = "relu"},
                              sb::layers::Flatten{}, sb::layers::Dense{.units = 10, .activation = "softmax"}});
        model.compile(
            {.optimizer = sb::optimizers::Adam{}, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
        std::printf("%s", model.summary().c_str());
        // As a Dataset without shuffle() gives them: in order.
        model.fit(images.view(), classes.view(), {.batch_size = 32, .epochs = 5, .shuffle = false});
        std::printf("digest: %s\n", model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "training failed: %s\n", error.what());
        return 1;
    }
}
