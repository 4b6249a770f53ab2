// Training from C++: one recipe, one digest, whatever changes time or memory.
#include <cfenv>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"
#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

const std::string cnn_recipe = std::string(SAMEBITS_SOURCE_DIR) + "/examples/digits.toml";

Recipe short_recipe() { return Recipe::load(cnn_recipe).set("train.epochs", "2"); }

std::string digest_of(const Recipe& recipe) { return train(recipe, {.verbose = Verbose::silent}).digest(); }

Sequential mlp() {
    Sequential model({layers::Input{.shape = {8, 8}}, layers::Flatten{}, layers::Dense{.units = 16, .activation = "relu"},
                      layers::Dropout{.rate = 0.2}, layers::Dense{.units = 10, .activation = "softmax"}},
                     {.seed = 3});
    model.compile({.optimizer = optimizers::Adam{}, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    return model;
}

FitOptions quiet(std::int64_t epochs = 1, std::int64_t batch = 32) {
    return {.batch_size = batch, .epochs = epochs, .verbose = Verbose::silent};
}

}  // namespace

TEST_CASE("train: one digest for every instruction set, thread count and caller's environment") {
    const kernels::Isa best = kernels::current_isa();
    const int threads = thread_count();
    const std::string want = digest_of(short_recipe());
    for (const kernels::Isa isa : kernels::available_isas()) {
        for (const int n : {1, 3}) {
            kernels::force(isa);
            set_thread_count(n);
            CHECK(digest_of(short_recipe()) == want);
        }
    }
    kernels::force(best);
    set_thread_count(threads);
    std::fesetround(FE_UPWARD);
    CHECK(digest_of(short_recipe()) == want);
    CHECK(std::fegetround() == FE_UPWARD);
    std::fesetround(FE_TONEAREST);
    CHECK(digest_of(short_recipe().set("seed", "8")) != want);
}

TEST_CASE("train: the recipe and the model built in code are one") {
    const Digits digits = load_digits();
    Sequential model({layers::Flatten{}, layers::Dense{.units = 64, .activation = "tanh"},
                      layers::Dense{.units = 32, .activation = "relu"}, layers::Dense{.units = 10, .activation = "softmax"}},
                     {.seed = 7});
    model.compile({.optimizer = optimizers::SGD{.learning_rate = 0.05, .momentum = 0.9, .nesterov = true},
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    Tensor x({1500, 8, 8});
    const auto* pixels = static_cast<const unsigned char*>(digits.x_train.data);
    for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(pixels[i]) / 16.0F;
    model.fit(x, digits.y_train, {.epochs = 10, .verbose = Verbose::silent, .validation_split = 0.1});
    const Run run =
        train(Recipe::load(std::string(SAMEBITS_SOURCE_DIR) + "/examples/digits_mlp.toml"), {.verbose = Verbose::silent});
    CHECK(model.digest() == run.digest());
    CHECK(run.test.back().second > 0.85);
}

TEST_CASE("fit: one epoch twice gives the bits of two epochs") {
    const Digits digits = load_digits();
    Sequential twice = mlp(), once = mlp();
    twice.fit(digits.x_train, digits.y_train, quiet());
    twice.fit(digits.x_train, digits.y_train, quiet());
    const History history = once.fit(digits.x_train, digits.y_train, quiet(2));
    CHECK(twice.digest() == once.digest());
    CHECK(once.epoch() == 2);
    CHECK(once.step() == 2 * 47);
    CHECK(history["loss"].size() == 2);
    CHECK(history["loss"][1] < history["loss"][0]);
}

TEST_CASE("fit: the peak is the plan's, to the byte; over the limit nothing happens") {
    const Digits digits = load_digits();
    Sequential model = mlp();
    const std::string before = model.digest();
    const std::size_t others = memory_stats().used - model.memory_plan(32).weights;
    const std::size_t peak = model.memory_plan(32, 32).peak();
    configure_memory(MemoryMode::grow, others + peak - 64);
    CHECK_THROWS_AS(model.fit(digits.x_train, digits.y_train, {.verbose = Verbose::silent, .validation_split = 0.1}),
                    InvalidArgument);
    CHECK(model.digest() == before);
    CHECK(model.step() == 0);
    configure_memory(MemoryMode::grow, others + peak);
    reset_memory_peak();
    model.fit(digits.x_train, digits.y_train, {.verbose = Verbose::silent, .validation_split = 0.1});
    CHECK(memory_stats().peak == others + peak);
    configure_memory(MemoryMode::grow, 0);
}

TEST_CASE("save and load: continuing gives the bits of never having stopped") {
    const Digits digits = load_digits();
    const auto file = std::filesystem::temp_directory_path() / "samebits_test_model.safetensors";
    Sequential whole = mlp();
    whole.fit(digits.x_train, digits.y_train, quiet(3));
    Sequential part = mlp();
    part.fit(digits.x_train, digits.y_train, quiet(1));
    part.save(file);
    CHECK(digest_of_file(file) == part.digest());
    Model loaded = load_model(file);
    CHECK(loaded.digest() == part.digest());
    loaded.fit(digits.x_train, digits.y_train, quiet(2));
    CHECK(loaded.digest() == whole.digest());
    CHECK(loaded.epoch() == 3);
    std::filesystem::remove(file);
}

TEST_CASE("a value that is not finite stops the run and says where; the weights are then refused") {
    const Digits digits = load_digits();
    const auto regression = [] {
        return Sequential({layers::Input{.shape = {8, 8}}, layers::Flatten{}, layers::Dense{.units = 1}}, {.seed = 1});
    };
    Sequential model = regression();
    model.compile({.optimizer = optimizers::SGD{.learning_rate = 10}, .loss = "mse"});
    try {
        model.fit(digits.x_train, digits.y_train, quiet());
        FAIL("the run went on");
    } catch (const NonFinite& error) {
        CHECK(std::string(error.what()).find("step") != std::string::npos);
    }
    CHECK_THROWS_AS(model.digest(), RunFailed);
    CHECK_THROWS_AS(model.save("/tmp/never.safetensors"), RunFailed);
    CHECK_THROWS_AS(model.fit(digits.x_train, digits.y_train, quiet()), RunFailed);
    const Sequential fresh = regression();
    std::vector<ArrayView> values;
    for (const WeightView& weight : fresh.weights()) values.emplace_back(weight.value);
    model.set_weights(values);
    CHECK(model.digest() == fresh.digest());
}

TEST_CASE("a run that is asked to stop stops between two steps") {
    const Digits digits = load_digits();
    Sequential model = mlp();
    FitOptions options = quiet(5);
    options.hooks.interrupted = [&] { return model.step() == 10; };
    CHECK_THROWS_AS(model.fit(digits.x_train, digits.y_train, options), Interrupted);
    CHECK(model.step() == 10);
    CHECK(model.predict(digits.x_test).shape() == Shape{297, 10});
}

TEST_CASE("recipes: what is refused, with file and line") {
    const auto refused = [](const std::string& toml, const std::string& text) {
        try {
            Recipe::parse(toml);
            FAIL("accepted: " + toml);
        } catch (const Error& error) {
            INFO(error.what());
            CHECK(std::string(error.what()).find(text) != std::string::npos);
        }
    };
    const std::string head = "[data]\nsource = \"digits\"\n";
    const std::string model =
        "[model]\nlayers = [{ type = \"Flatten\" }, { type = \"Dense\", units = 10, activation = \"softmax\" }]\n";
    const std::string rest = "[train]\noptimizer = \"adam\"\nloss = \"sparse_categorical_crossentropy\"\n";
    CHECK_NOTHROW(Recipe::parse(head + model + rest));
    refused(head + model + rest + "epoch = 3\n", "recipe:8: train.epoch is unknown here");
    refused(head + model + rest + "epochs = \"3\"\n", "recipe:8: train.epochs must be a whole number");
    refused("profile = 2\n" + head + model + rest, "recipe:1: profile must be 1");
    refused(head + "[model]\nlayers = [\n{ type = \"Flatten\" },\n{ type = \"Dense\", unit = 10 },\n]\n" + rest, "recipe:6:");
    refused(head + model + "[train]\noptimizer = \"adm\"\nloss = \"mse\"\n", "recipe:6:");
    refused("[data\n", "recipe:1:");
    refused(head + "shape = [4294967296, 4294967296]\n" + model + rest, "recipe:3: data.shape [");
    refused(model + rest, "data is missing");
    CHECK(Recipe::parse(head + model + rest).identity() != Recipe::parse("seed = 1\n" + head + model + rest).identity());
    CHECK(Recipe::parse(head + model + rest).identity() ==
          Recipe::parse("seed = 0\nprofile = 1\n" + head + model + rest).identity());
}
