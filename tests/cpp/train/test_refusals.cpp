// Calls that are refused, and what must be left as it was; values that a caller's rounding mode or a file must not change.
#include <cfenv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "samebits/base/memory.h"
#include "samebits/graph/layer_config.h"
#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

ArrayView array(const std::vector<float>& values, Shape shape) { return {values.data(), DType::float32, std::move(shape)}; }

FitOptions quiet(std::int64_t batch) { return {.batch_size = batch, .verbose = Verbose::silent}; }

std::string recipe_text(const std::string& rate, const std::string& learning_rate) {
    return "profile = 1\n[data]\nsource = \"digits\"\ndivide = 0.3\n[model]\nlayers = [{ type = \"Flatten\" }, "
           "{ type = \"Dropout\", rate = " +
           rate +
           " }, { type = \"Dense\", units = 10 }]\n[train]\noptimizer = { type = \"Adam\", beta_1 = 0.87, learning_rate = " +
           learning_rate + " }\nloss = { type = \"sparse_categorical_crossentropy\", from_logits = true }\n";
}

}  // namespace

TEST_CASE("recipes: numbers that are not finite are refused, not read as left out") {
    CHECK_NOTHROW(Recipe::parse(recipe_text("0.5", "0.01")));
    CHECK_THROWS_AS(Recipe::parse(recipe_text("nan", "0.01")), InvalidArgument);
    CHECK_THROWS_AS(Recipe::parse(recipe_text("0.5", "inf")), InvalidArgument);
}

TEST_CASE("recipes: the caller's rounding mode does not reach decimal numbers or divide") {
    const auto run_all = [] {
        const Recipe recipe = Recipe::parse(recipe_text("0.3", "0.001")).set("train.optimizer.beta_2", "0.9971");
        return recipe.identity() + train(recipe, {.verbose = Verbose::silent}).digest();
    };
    const std::string want = run_all();
    for (const int mode : {FE_UPWARD, FE_DOWNWARD}) {
        std::fesetround(mode);
        const std::string got = run_all();
        std::fesetround(FE_TONEAREST);
        CHECK(got == want);
    }
}

TEST_CASE("recipes: hostile keys and values") {
    const Recipe recipe = Recipe::parse(recipe_text("0.5", "0.01"));
    CHECK_THROWS_AS(recipe.set("train.loss", "\xff"), InvalidArgument);
    CHECK_THROWS_AS(recipe.set("train.\xff", "1"), InvalidArgument);
    CHECK_THROWS_AS(recipe.set("model.layers.1000000000", "1"), InvalidArgument);
    CHECK_THROWS_AS(recipe.set("nowhere.epochs", "1"), InvalidArgument);
    CHECK(recipe.set("model.layers.1.rate", "0.25").identity() != recipe.identity());
    std::string deep = "a";
    for (int i = 0; i < 200000; ++i) deep += ".a";
    CHECK_THROWS_AS(Recipe::parse(deep + " = 1"), InvalidArgument);
    CHECK_THROWS_AS(Recipe::parse(deep.substr(0, 4001) + " = 1"), InvalidArgument);
    CHECK_THROWS_AS(layer_from_json(std::string(300000, '[') + std::string(300000, ']')), Error);
}

TEST_CASE("model: weights of one input shape are not taken to another") {
    Sequential model({layers::Dense{.units = 3}});
    model.build({4});
    model.add(layers::Dense{.units = 2});
    CHECK_THROWS_AS(model.build({500}), InvalidArgument);
    CHECK_NOTHROW(model.build({4}));
}

TEST_CASE("model: a refused call does not build it, a refused input leaves it empty") {
    const std::vector<float> x(64, 0.5F);
    const std::vector<float> y(8, 1.0F);
    const std::vector<float> bad(8, std::numeric_limits<float>::quiet_NaN());
    Sequential model({layers::Dense{.units = 1}});
    model.compile({.optimizer = optimizers::SGD{}, .loss = "mse"});
    FitOptions options = quiet(4);
    options.validation_data = {{array(x, {8, 3}), array(y, {8})}};
    CHECK_THROWS_AS(model.fit(array(x, {8, 8}), array(y, {8}), options), InvalidArgument);
    CHECK_FALSE(model.built());
    CHECK_THROWS_AS(model.predict(array(bad, {2, 4})), InvalidArgument);
    CHECK_FALSE(model.built());
    options = quiet(4);
    options.initial_epoch = std::int64_t{1} << 32;
    CHECK_THROWS_AS(model.fit(array(x, {8, 8}), array(y, {8}), options), InvalidArgument);
    CHECK(model.epoch() == 0);

    Sequential empty;
    CHECK_THROWS_AS(empty.add(layers::Input{.shape = {4}, .name = "a/b"}), InvalidArgument);
    CHECK_NOTHROW(empty.add(layers::Dense{.units = 2}));
}

TEST_CASE("model: sizes that overflow are refused") {
    Sequential model({layers::Input{.shape = {4}}, layers::Dense{.units = 4}});
    model.compile({.optimizer = optimizers::SGD{}, .loss = "mse"});
    CHECK_THROWS_AS(model.memory_plan(std::int64_t{1} << 61), InvalidArgument);
    CHECK_THROWS_AS(model.memory_plan(std::int64_t{1} << 50), InvalidArgument);
    CHECK_THROWS_AS(Tensor(Shape{std::int64_t{1} << 62}), InvalidArgument);
}

TEST_CASE("model: a layer may be called optimizer") {
    const std::filesystem::path file = std::filesystem::temp_directory_path() / "samebits_test_refusals.safetensors";
    Sequential model({layers::Input{.shape = {4}}, layers::Dense{.units = 4, .name = "optimizer"}});
    model.compile({.optimizer = optimizers::Adam{}, .loss = "mse"});
    model.save(file);
    CHECK(load_model(file).digest() == model.digest());
    std::filesystem::remove(file);
    CHECK_THROWS_AS(Sequential({layers::Input{.shape = {4}}, layers::Dense{.units = 1, .name = "\xff"}}).to_json(),
                    InvalidArgument);
}

TEST_CASE("memory: in a block of the plan's size, a larger batch after a smaller one") {
    const std::vector<float> x(std::size_t{64} * 512, 0.5F);
    const std::vector<float> y(std::size_t{10} * 512, 1.0F);
    const auto make = [] {
        Sequential model({layers::Input{.shape = {64}}, layers::Dense{.units = 64}, layers::Dense{.units = 10}});
        model.compile({.optimizer = optimizers::Adam{}, .loss = "mse"});
        return model;
    };
    const std::size_t peak = make().memory_plan(512).peak();
    REQUIRE(memory_stats().used == 0);
    configure_memory(MemoryMode::preallocate, peak);
    {
        Sequential model = make();
        CHECK_NOTHROW(model.fit(array(x, {512, 64}), array(y, {512, 10}), quiet(32)));
        CHECK_NOTHROW(model.fit(array(x, {512, 64}), array(y, {512, 10}), quiet(512)));
        CHECK(memory_stats().peak == peak);
    }
    configure_memory(MemoryMode::grow, 0);
}

TEST_CASE("a recipe's memory is the plan's, data from files included; predict is refused before it starts") {
    const auto folder = std::filesystem::temp_directory_path() / "samebits_test_csv";
    std::filesystem::create_directories(folder);
    std::ofstream csv(folder / "train.csv");
    for (int i = 0; i < 50; ++i) csv << i % 2 << ',' << i << ',' << i * 3 % 7 << ',' << i * 5 % 11 << '\n';
    csv.close();
    const Recipe recipe = Recipe::parse(
        "[data]\nsource = \"csv\"\npath = \"train.csv\"\ndivide = 50\nvalidation_split = 0.2\n"
        "[model]\nlayers = [{ type = \"Dense\", units = 2, activation = \"softmax\" }]\n"
        "[train]\noptimizer = \"adam\"\nloss = \"sparse_categorical_crossentropy\"\nepochs = 2\nbatch_size = 8\n",
        folder);
    const std::size_t before = memory_stats().used;
    const std::size_t peak = plan(recipe).peak();
    CHECK(plan(recipe).data > 0);
    configure_memory(MemoryMode::grow, before + peak);
    reset_memory_peak();
    Run run = train(recipe, {.verbose = Verbose::silent});
    CHECK(memory_stats().peak == before + peak);
    const std::vector<float> many(3 * 100000);
    const std::size_t held = memory_stats().used;
    CHECK_THROWS_AS(run.model.predict({many.data(), DType::float32, {100000, 3}}), InvalidArgument);
    CHECK(memory_stats().used == held);
    configure_memory(MemoryMode::grow, 0);
    std::filesystem::remove_all(folder);
}
