// Several threads of a program in the library at once: each model gets the bits it gets alone.
#include <array>
#include <atomic>
#include <string>
#include <thread>

#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

// A model with every kind of work that is shared out: convolution, normalization, dropout, matrix products, a shuffle.
std::string train_alone(std::uint64_t seed) {
    Sequential model({layers::Input{.shape = {8, 8, 1}}, layers::Conv2D{.filters = 8, .kernel_size = {3, 3}, .padding = "same"},
                      layers::BatchNormalization{}, layers::MaxPooling2D{}, layers::Flatten{}, layers::Dropout{.rate = 0.3},
                      layers::Dense{.units = 10, .activation = "softmax"}},
                     {.seed = seed});
    model.compile({.optimizer = optimizers::Adam{}, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    const Digits digits = load_digits();
    ArrayView x = digits.x_train;
    x.shape = {256, 8, 8, 1};
    x.strides = {64, 8, 1, 1};
    ArrayView y = digits.y_train;
    y.shape = {256};
    model.fit(x, y, {.verbose = Verbose::silent, .validation_split = 0.25});
    return model.digest();
}

}  // namespace

TEST_CASE("two models trained at once, the runtime configured meanwhile") {
    runtime::configure({.threads = 3});
    const std::array<std::string, 2> alone = {train_alone(1), train_alone(2)};
    REQUIRE(alone[0] != alone[1]);
    for (int round = 0; round < 3; ++round) {
        std::array<std::string, 2> together;
        std::atomic<bool> done{false};
        std::thread first([&] { together[0] = train_alone(1); });
        std::thread second([&] { together[1] = train_alone(2); });
        std::thread other([&] {
            for (int i = 0; !done; ++i) {
                runtime::configure({.threads = 1 + i % 4, .isa = "generic"});
                runtime::info();
            }
        });
        first.join();
        second.join();
        done = true;
        other.join();
        CHECK(together == alone);
    }
}
