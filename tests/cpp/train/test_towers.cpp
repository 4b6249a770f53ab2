// A model of two outputs trained from C++ and from Python (tests/python/test_towers.py): tests/golden/towers.json says the
// digests of both.
#include <cstdint>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "samebits/samebits.h"
#include "support/catch.h"

using namespace samebits;

namespace {

constexpr std::int64_t samples = 48, batch_size = 16;

std::string golden(const std::string& name) {
    std::ifstream file(std::string(SAMEBITS_SOURCE_DIR) + "/tests/golden/towers.json");
    return nlohmann::json::parse(file).at(name).get<std::string>();
}

// Multiples of scale around 0, which float32 has.
Tensor numbers(std::int64_t columns, int step, int modulus, float scale) {
    Tensor tensor({samples, columns});
    for (std::int64_t i = 0; i < tensor.size(); ++i) {
        const int number = static_cast<int>(i) * step % modulus - modulus / 2;
        tensor.data()[i] = static_cast<float>(number) * scale;
    }
    return tensor;
}

struct Data {
    Tensor left = numbers(6, 37, 19, 0.125F), right = numbers(6, 53, 23, 0.125F), values = numbers(2, 29, 17, 0.25F);
    std::vector<std::int64_t> labels;
    std::vector<float> weights;

    Data() {
        for (int i = 0; i < samples; ++i) {
            labels.push_back(i * 7 % 3);
            weights.push_back(1.0F + static_cast<float>(i * 5 % 7) * 0.25F);
        }
    }
    [[nodiscard]] ArrayView label(std::int64_t first = 0, std::int64_t count = samples) const {
        return {labels.data() + first, DType::int64, {count}};
    }
    [[nodiscard]] ArrayView weight(std::int64_t first = 0, std::int64_t count = samples) const {
        return {weights.data() + first, DType::float32, {count}};
    }
};

ArrayView rows(const Tensor& tensor, std::int64_t first) {
    const std::int64_t columns = tensor.shape()[1];
    return {tensor.data() + first * columns, DType::float32, {batch_size, columns}};
}

// A shared Dense on two inputs; a label and, as a second output, values.
Model towers(std::size_t outputs) {
    const Symbol left = Input({6}, "left"), right = Input({6}, "right");
    const Layer shared(layers::Dense{.units = 5, .activation = "tanh"});
    const Symbol a = shared(left), b = shared(right);
    const Symbol sum = Layer(layers::Add{.name = "sum"})({a, b});
    std::vector<Symbol> ends{Layer(layers::Dense{.units = 3, .activation = "softmax", .name = "label"})(sum),
                             Layer(layers::Dense{.units = 2, .name = "value"})(b)};
    std::vector<LossSpec> losses{"sparse_categorical_crossentropy", "mse"};
    std::vector<double> loss_weights{1.0, 0.5};
    std::vector<std::vector<MetricSpec>> metrics{{"accuracy"}, {}};
    ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(outputs), ends.end());
    losses.erase(losses.begin() + static_cast<std::ptrdiff_t>(outputs), losses.end());
    loss_weights.resize(outputs);
    metrics.resize(outputs);
    Model model({left, right}, ends, {.seed = 3, .name = "functional"});
    model.compile({.optimizer = optimizers::SGD{.learning_rate = 0.1},
                   .loss = losses,
                   .loss_weights = loss_weights,
                   .output_metrics = metrics});
    return model;
}

// Three batches a pass.
class Batches final : public BatchStream {
public:
    void begin(std::int64_t /*pass*/) override { at_ = 0; }
    std::optional<Batch> next() override {
        if (at_ == samples) return {};
        const std::int64_t first = at_;
        at_ += batch_size;
        return Batch{{rows(data_.left, first), rows(data_.right, first)},
                     {data_.label(first, batch_size), rows(data_.values, first)},
                     data_.weight(first, batch_size)};
    }

private:
    Data data_;
    std::int64_t at_ = 0;
};

FitOptions quiet(std::int64_t epochs) { return {.batch_size = batch_size, .epochs = epochs, .verbose = Verbose::silent}; }

}  // namespace

TEST_CASE("towers: weights of losses and samples") {
    const Data data;
    Model model = towers(2);
    CHECK(model.input_names() == std::vector<std::string>{"left", "right"});
    CHECK(model.output_names() == std::vector<std::string>{"label", "value"});
    FitOptions options = quiet(2);
    options.sample_weight = data.weight();
    const History history = model.fit({data.left, data.right}, {data.label(), data.values}, options);
    for (const char* name : {"loss", "label_loss", "value_loss", "label_accuracy"}) CHECK(history[name].size() == 2);
    CHECK(model.digest() == golden("sample_weight"));
}

TEST_CASE("towers: weights of classes") {
    const Data data;
    Model model = towers(1);
    FitOptions options = quiet(2);
    options.class_weight = {{0, 0.5}, {2, 1.75}};
    model.fit({data.left, data.right}, {data.label()}, options);
    CHECK(model.digest() == golden("class_weight"));
}

TEST_CASE("towers: an epoch of so many steps") {
    Batches batches;
    Model model = towers(2);
    FitOptions options = quiet(3);
    options.steps_per_epoch = 2;
    CHECK(model.fit(batches, options).epoch == std::vector<std::int64_t>{0, 1, 2});
    CHECK(model.step() == 6);
    CHECK(model.digest() == golden("steps_per_epoch"));
}
