// Optimizers and schedules at the doors of C++ and JSON; their arithmetic is compared with the law by tests/python.
#include <string>
#include <vector>

#include "samebits/samebits.h"
#include "samebits/train/optimizer.h"
#include "samebits/train/optimizer_json.h"
#include "support/catch.h"

using namespace samebits;
using namespace samebits::optimizers;

namespace {

std::string refusal(const std::string& json) {
    try {
        optimizer_from_json(json);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

Model trained(const OptimizerSpec& optimizer, int steps) {
    Model model = Sequential({layers::Input{.shape = {2}}, layers::Dense{.units = 2, .kernel_regularizer = "l2"}});
    model.compile({.optimizer = optimizer, .loss = "mse"});
    const std::vector<float> values{1, 2, 3, 4, 5, 6, 7, 8};
    const ArrayView x{values.data(), DType::float32, {4, 2}};
    model.fit(x, x, {.batch_size = 4, .epochs = steps, .verbose = Verbose::silent});
    return model;
}

}  // namespace

TEST_CASE("what is written as JSON is read as the same") {
    const OptimizerSpec all[] = {
        SGD{.learning_rate = schedules::CosineDecay{.initial_learning_rate = 0.1, .decay_steps = 10, .warmup_target = 0.5},
            .momentum = 0.9,
            .nesterov = true,
            .clipnorm = 1},
        SGD{.learning_rate = schedules::PiecewiseConstantDecay{.boundaries = {1, 2}, .values = {3, 2, 1}}},
        Adam{.learning_rate = schedules::PolynomialDecay{.initial_learning_rate = 1, .decay_steps = 3}, .weight_decay = 0.1},
        AdamW{.learning_rate = schedules::ExponentialDecay{.initial_learning_rate = 1, .decay_steps = 3, .decay_rate = 0.5},
              .global_clipnorm = 2},
        RMSprop{.learning_rate = schedules::InverseTimeDecay{.initial_learning_rate = 1, .decay_steps = 3, .decay_rate = 1},
                .rho = 0.8,
                .clipvalue = 3},
        "rmsprop",
        "AdamW"};
    for (const OptimizerSpec& optimizer : all) {
        const std::string json = optimizer_to_json(optimizer);
        INFO(json);
        CHECK(optimizer_to_json(optimizer_from_json(json)) == json);
        CHECK(trained(optimizer, 2).digest() == trained(optimizer_from_json(json), 2).digest());
    }
    CHECK(optimizer_to_json(RMSprop{}) ==
          R"({"type":"RMSprop","learning_rate":0.001,"rho":0.9,"momentum":0.0,"epsilon":1e-07,"weight_decay":null,)"
          R"("clipnorm":null,"clipvalue":null,"global_clipnorm":null})");
}

TEST_CASE("every argument of an optimizer changes the weights") {
    std::vector<std::string> digests;
    for (const OptimizerSpec& optimizer :
         {OptimizerSpec(RMSprop{}), OptimizerSpec(RMSprop{.rho = 0.5}), OptimizerSpec(RMSprop{.momentum = 0.5}),
          OptimizerSpec(RMSprop{.epsilon = 0.1}), OptimizerSpec(RMSprop{.weight_decay = 0.5}),
          OptimizerSpec(RMSprop{.clipnorm = 0.5}), OptimizerSpec(RMSprop{.clipvalue = 0.5}),
          OptimizerSpec(RMSprop{.global_clipnorm = 0.5}), OptimizerSpec(Adam{}), OptimizerSpec(AdamW{})})
        digests.push_back(trained(optimizer, 3).digest());
    for (std::size_t i = 0; i < digests.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            INFO(i << " and " << j);
            CHECK(digests[i] != digests[j]);
        }
}

TEST_CASE("a refused description says what it takes") {
    CHECK(says(refusal(R"({"type":"RMSprop","centered":true})"), "centered is not implemented"));
    CHECK(refusal(R"({"type":"RMSprop","centered":false})").empty());
    CHECK(says(refusal(R"({"type":"SGD","weight_decai":1})"), "did you mean \"weight_decay\""));
    CHECK(says(refusal(R"({"type":"SGD","learning_rate":"fast"})"), "a number or a schedule"));
    CHECK(says(refusal(R"({"type":"SGD","learning_rate":{"type":"CosinDecay"}})"), "did you mean \"CosineDecay\""));
    CHECK(says(refusal(R"({"type":"SGD","learning_rate":{"type":"CosineDecay"}})"), "[CosineDecay] initial_learning_rate"));
    CHECK(says(refusal(R"({"type":"SGD","learning_rate":{"type":"CosineDecay","decay_step":3}})"), "did you mean"));
    CHECK(
        says(refusal(R"({"type":"SGD","learning_rate":{"type":"PiecewiseConstantDecay","boundaries":[1],"values":["a","b"]}})"),
             "[PiecewiseConstantDecay] values must be a number"));
    CHECK(says(refusal(R"({"type":"AdamW","weight_decay":null})"), "weight_decay must be a number"));
    CHECK(says(refusal(R"({"type":"Adam","clipnorm":1,"clipvalue":1})"), "at most one"));
}

TEST_CASE("a schedule sets the rate, nobody else") {
    Model model = trained(SGD{.learning_rate = schedules::InverseTimeDecay{0.1, 1, 1}}, 3);
    CHECK(model.iterations() == 3);
    CHECK(model.learning_rate() == 0.1 / 4);
    CHECK_THROWS_AS(model.set_learning_rate(0.1), TypeMismatch);
    CHECK(model.learning_rate() == 0.1 / 4);
}

TEST_CASE("recipes: schedules have an identity, defaults filled in") {
    const auto identity = [](const std::string& arguments) {
        return Recipe::parse(
                   "profile = 1\n[data]\nsource = \"digits\"\n[model]\nlayers = [{ type = \"Flatten\" }, "
                   "{ type = \"Dense\", units = 10 }]\n[train]\nloss = \"mse\"\noptimizer = { type = \"SGD\", "
                   "learning_rate = { type = \"CosineDecay\", initial_learning_rate = 0.1, " +
                   arguments + " } }\n")
            .identity();
    };
    CHECK(identity("decay_steps = 10") == identity("decay_steps = 10.0, alpha = 0.0, warmup_steps = 0"));
    CHECK(identity("decay_steps = 10") != identity("decay_steps = 11"));
    CHECK(identity("decay_steps = 10") != identity("decay_steps = 10, alpha = 0.5"));
    CHECK_THROWS_AS(identity("decay_steps = 0"), InvalidArgument);
}
