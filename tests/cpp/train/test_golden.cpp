// Whole trainings from C++: each golden recipe and the same models built in code, on every instruction set and with one thread
// and three, have the digests of tests/golden/digests.json.
#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"
#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

const std::string root = SAMEBITS_SOURCE_DIR;

std::map<std::string, std::string> golden() {
    std::ifstream file(root + "/tests/golden/digests.json");
    return nlohmann::json::parse(file).get<std::map<std::string, std::string>>();
}

Recipe recipe(const std::string& name) { return Recipe::load(root + "/examples/" + name); }

std::string digest_of(const Recipe& recipe) { return train(recipe, {.verbose = Verbose::silent}).digest(); }

// The others take 8 to 50 s on generic, whose fma is made of integers.
bool quick(const std::string& name) { return name == "digits_mlp.toml" || name == "digits_halves.toml"; }

// body(isa) with one thread and three.
template <class Body>
void everywhere(Body body) {
    const kernels::Isa isa_before = kernels::current_isa();
    const int threads_before = thread_count();
    for (const kernels::Isa isa : kernels::available_isas()) {
        for (const int threads : {1, 3}) {
            kernels::force(isa);
            set_thread_count(threads);
            INFO(kernels::name_of(isa) << ", threads " << threads);
            body(isa);
        }
    }
    kernels::force(isa_before);
    set_thread_count(threads_before);
}

bool too_slow(kernels::Isa isa, const std::string& name) {
    return isa == kernels::Isa::generic && !quick(name) && kernels::available_isas().size() > 1;
}

// The digits as numbers from 0 to 1, (1500, 8, 8, 1).
Tensor images() {
    const ArrayView pixels = load_digits().x_train;
    Tensor x({pixels.length(), 8, 8, 1});
    const auto* bytes = static_cast<const unsigned char*>(pixels.data);
    std::transform(bytes, bytes + x.size(), x.data(), [](unsigned char pixel) { return static_cast<float>(pixel) / 16.0F; });
    return x;
}

// The first `count` elements of a vector.
ArrayView first(const ArrayView& y, std::int64_t count) { return {y.data, y.dtype, {count}, y.strides}; }

Model halves_in_code() {
    const Symbol left = Input({8, 4, 1}, "left"), right = Input({8, 4, 1}, "right");
    const Layer look(
        layers::Conv2D{.filters = 8, .kernel_size = {3, 3}, .padding = "same", .activation = "gelu", .name = "look"});
    const Symbol joined = Layer(layers::Concatenate{.axis = 2})({look(left), look(right)});
    const Layer separable(layers::SeparableConv2D{
        .filters = 16, .kernel_size = {3, 3}, .strides = {2, 2}, .padding = "same", .activation = "relu"});
    const Symbol features = Layer(layers::LayerNormalization{})(Layer(layers::Flatten{})(separable(joined)));
    const Symbol label = Layer(layers::Dense{.units = 10, .activation = "softmax"})(features);
    Model model({left, right}, {label}, {.seed = 7});
    model.compile({.optimizer = optimizers::RMSprop{.learning_rate = 0.001, .momentum = 0.5},
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    return model;
}

Sequential bn_in_code() {
    Sequential model(
        {layers::Conv2D{.filters = 16, .kernel_size = {3, 3}, .padding = "same", .use_bias = false},
         layers::BatchNormalization{.momentum = 0.9}, layers::ReLU{}, layers::MaxPooling2D{},
         layers::Conv2D{
             .filters = 32, .kernel_size = {3, 3}, .padding = "same", .use_bias = false, .kernel_initializer = "he_normal"},
         layers::BatchNormalization{.momentum = 0.9}, layers::ReLU{}, layers::GlobalAveragePooling2D{},
         layers::Dropout{.rate = 0.2},
         layers::Dense{.units = 10, .activation = "softmax", .kernel_regularizer = regularizers::L2{.l2 = 1e-4}}},
        {.seed = 7});
    model.compile({.optimizer = optimizers::SGD{.learning_rate = 0.05, .momentum = 0.9, .nesterov = true},
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    return model;
}

}  // namespace

TEST_CASE("golden: every recipe, instruction set and number of threads") {
    for (const auto& [name, digest] : golden()) {
        const Recipe read = recipe(name);
        INFO(name);
        everywhere([&, &name = name, &digest = digest](kernels::Isa isa) {
            if (!too_slow(isa, name)) CHECK(digest_of(read) == digest);
        });
    }
}

TEST_CASE("golden: what is too slow on generic, shortened, is equal there too") {
    for (const auto& [name, digest] : golden()) {
        if (quick(name)) continue;
        INFO(name);
        const Recipe little = recipe(name).set("train.epochs", "1").set("data.validation_split", "0.95");
        std::vector<std::string> digests;
        for (const kernels::Isa isa : kernels::available_isas()) {
            kernels::force(isa);
            digests.push_back(digest_of(little));
        }
        CHECK(std::count(digests.begin(), digests.end(), digests[0]) == static_cast<std::ptrdiff_t>(digests.size()));
        CHECK(digests[0] != digest);
    }
}

TEST_CASE("golden: two inputs, built in code, from strided views of one array") {
    const Tensor x = images();
    const Shape half{1000, 8, 4, 1}, strides{256, 32, 4, 4};
    const ArrayView left(x.data(), DType::float32, half, strides), right(x.data() + 4, DType::float32, half, strides);
    const ArrayView label = first(load_digits().y_train, 1000);
    everywhere([&](kernels::Isa /*isa*/) {
        Model model = halves_in_code();
        model.fit({left, right}, {label}, {.epochs = 8, .verbose = Verbose::silent, .validation_split = 0.2});
        CHECK(model.digest() == golden().at("digits_halves.toml"));
    });
}

TEST_CASE("golden: batch normalization, built in code") {
    const Tensor x = images();
    everywhere([&](kernels::Isa isa) {
        if (too_slow(isa, "digits_bn.toml")) return;
        Sequential model = bn_in_code();
        model.fit(x, load_digits().y_train, {.epochs = 10, .verbose = Verbose::silent, .validation_split = 0.1});
        CHECK(model.digest() == golden().at("digits_bn.toml"));
    });
}
