// Callbacks from C++: order of the hooks, what each of the library's own does, and that recipes and code do the same.
#include "samebits/train/callbacks.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "samebits/samebits.h"
#include "support/catch.h"
#include "support/files.h"

using namespace samebits;
using test::bytes_of;
using test::contains;
using test::message_of;

namespace {

// The first 90 digits; with validation_split 1/3 60 of them are trained on.
struct Data {
    ArrayView x{load_digits().x_train.data, DType::uint8, {90, 8, 8}};
    ArrayView y{load_digits().y_train.data, load_digits().y_train.dtype, {90}};
};

Sequential mlp(double rate = 0.02) {
    Sequential model({layers::Input{.shape = {8, 8}}, layers::Flatten{}, layers::Dense{.units = 10, .activation = "softmax"}},
                     {.seed = 3});
    model.compile({.optimizer = optimizers::SGD{.learning_rate = rate},
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    return model;
}

using Callbacks = std::vector<std::shared_ptr<Callback>>;

FitOptions quiet(std::int64_t epochs, Callbacks callbacks, double validation_split = 0.0) {
    return {
        .epochs = epochs, .verbose = Verbose::silent, .validation_split = validation_split, .callbacks = std::move(callbacks)};
}

History fit(Model& model, std::int64_t epochs, Callbacks callbacks, double validation_split = 0.0) {
    const Data data;
    return model.fit(data.x, data.y, quiet(epochs, std::move(callbacks), validation_split));
}

// Puts a number of its own into the logs, one an epoch, for others to watch.
std::shared_ptr<Callback> told(std::vector<double> numbers) {
    const auto at = std::make_shared<std::size_t>(0);
    return std::make_shared<callbacks::LambdaCallback>(
        callbacks::LambdaHooks{.on_epoch_end = [numbers = std::move(numbers), at](Training&, std::int64_t, Metrics& logs) {
            set(logs, "told", numbers.at((*at)++));
        }});
}

// The digest of the weights at the end of each epoch.
std::shared_ptr<Callback> digests_of(const Model& model, std::vector<std::string>& digests) {
    return std::make_shared<callbacks::LambdaCallback>(
        callbacks::LambdaHooks{.on_epoch_end = [&](Training&, std::int64_t, Metrics&) { digests.push_back(model.digest()); }});
}

// Writes down every hook; throws, stops and prints where told.
class Recorder final : public Callback {
public:
    std::vector<std::string> heard;
    std::string throw_at, stop_at;

    void on_train_begin(Training& t) override { hear(t, "train_begin"); }
    void on_train_end(Training& t, const Metrics& logs) override { hear(t, "train_end", &logs); }
    void on_epoch_begin(Training& t, std::int64_t epoch) override { hear(t, fmt::format("epoch_begin {}", epoch)); }
    void on_epoch_end(Training& t, std::int64_t epoch, Metrics& logs) override {
        hear(t, fmt::format("epoch_end {}", epoch), &logs);
    }
    void on_train_batch_begin(Training& t, std::int64_t batch) override { hear(t, fmt::format("batch_begin {}", batch)); }
    void on_train_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        hear(t, fmt::format("batch_end {}", batch), &logs);
    }
    void on_test_begin(Training& t) override { hear(t, "test_begin"); }
    void on_test_end(Training& t, const Metrics& logs) override { hear(t, "test_end", &logs); }
    void on_test_batch_begin(Training& t, std::int64_t batch) override { hear(t, fmt::format("test_batch_begin {}", batch)); }
    void on_test_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        hear(t, fmt::format("test_batch_end {}", batch), &logs);
    }

private:
    void hear(Training& training, const std::string& hook, const Metrics* logs = nullptr) {
        heard.push_back(hook);
        if (logs != nullptr) {
            heard.back() += ":";
            for (const auto& [name, value] : *logs) heard.back() += " " + name;
        }
        if (hook == stop_at) training.stop();
        if (hook == throw_at) throw std::runtime_error("enough");
    }
};

}  // namespace

TEST_CASE("callbacks: every hook in Keras's order, with the logs there are by then") {
    const auto recorder = std::make_shared<Recorder>();
    Sequential model = mlp();
    fit(model, 1, {recorder}, 1.0 / 3);
    const std::vector<std::string> want{"train_begin",
                                        "epoch_begin 0",
                                        "batch_begin 0",
                                        "batch_end 0: loss accuracy",
                                        "batch_begin 1",
                                        "batch_end 1: loss accuracy",
                                        "test_begin",
                                        "test_batch_begin 0",
                                        "test_batch_end 0: loss accuracy",
                                        "test_end: loss accuracy",
                                        "epoch_end 0: loss accuracy val_loss val_accuracy",
                                        "train_end: loss accuracy val_loss val_accuracy"};
    CHECK(recorder->heard == want);
    recorder->heard.clear();
    const Data data;
    model.evaluate(data.x, data.y, {.batch_size = 90, .verbose = Verbose::silent, .callbacks = {recorder}});
    CHECK(recorder->heard == std::vector<std::string>{"test_begin", "test_batch_begin 0", "test_batch_end 0: loss accuracy",
                                                      "test_end: loss accuracy"});
}

TEST_CASE("callbacks: what one adds to an epoch's logs, later ones and the history have") {
    Sequential model = mlp();
    const auto recorder = std::make_shared<Recorder>();
    const History history = fit(model, 2, {told({0.5, 0.25}), recorder});
    CHECK(history["told"] == std::vector<double>{0.5, 0.25});
    CHECK(recorder->heard.back() == "train_end: loss accuracy told");
}

TEST_CASE("callbacks: stop() ends the run after the step, with the hooks of its epoch's end") {
    struct Stop {
        const char* hook;
        std::size_t epochs;
        std::int64_t steps;
    };
    for (const Stop& stop :
         {Stop{"batch_begin 1", 1, 2}, {"batch_end 0", 1, 1}, {"epoch_begin 1", 2, 4}, {"epoch_end 1", 2, 6}}) {
        Sequential model = mlp();
        const auto recorder = std::make_shared<Recorder>();
        recorder->stop_at = stop.hook;
        INFO(stop.hook);
        CHECK(fit(model, 5, {recorder}).epoch.size() == stop.epochs);
        CHECK(model.step() == stop.steps);
        const std::vector<std::string> end(recorder->heard.end() - 2, recorder->heard.end());
        CHECK(end == std::vector<std::string>{fmt::format("epoch_end {}: loss accuracy", stop.epochs - 1),
                                              "train_end: loss accuracy"});
    }
}

TEST_CASE("callbacks: what a hook throws ends the run after a whole step, and the model goes on") {
    const Data data;
    Sequential model = mlp(), other = mlp();
    const auto recorder = std::make_shared<Recorder>();
    recorder->throw_at = "batch_end 1";
    FitOptions options = quiet(3, {recorder});
    options.shuffle = false;
    CHECK_THROWS_AS(model.fit(data.x, data.y, options), std::runtime_error);
    const auto batch = [](const ArrayView& a, std::int64_t first) {
        Shape shape = a.shape;
        shape[0] = 32;
        return ArrayView(static_cast<const unsigned char*>(a.data) + first * a.strides[0], a.dtype, shape);
    };
    for (const std::int64_t first : {0, 32}) other.train_on_batch(batch(data.x, first), batch(data.y, first));
    CHECK(model.digest() == other.digest());
    CHECK(model.step() == 2);
    CHECK(model.epoch() == 0);
    for (Sequential* both : {&model, &other}) fit(*both, 1, {});
    CHECK(model.digest() == other.digest());
    for (const char* hook : {"train_begin", "epoch_begin 0", "batch_begin 0", "test_batch_end 0", "epoch_end 0", "train_end"}) {
        Sequential again = mlp();
        const auto thrower = std::make_shared<Recorder>();
        thrower->throw_at = hook;
        CHECK_THROWS_AS(fit(again, 1, {thrower}, 1.0 / 3), std::runtime_error);
        CHECK_NOTHROW(fit(again, 1, {}, 1.0 / 3));
        CHECK(again.predict(data.x).shape() == Shape{90, 10});
    }
}

TEST_CASE("LearningRateScheduler: the rates by hand give the same bits; a wrong rate is refused") {
    Sequential scheduled = mlp(0.04), by_hand = mlp(0.04);
    const auto halved = std::make_shared<callbacks::LearningRateScheduler>(
        [](std::int64_t epoch, double rate) { return epoch == 0 ? rate : rate / 2; });
    CHECK(fit(scheduled, 3, {halved})["learning_rate"] == std::vector<double>{0.04, 0.02, 0.01});
    for (const double rate : {0.04, 0.02, 0.01}) {
        by_hand.set_learning_rate(rate);
        fit(by_hand, 1, {});
    }
    CHECK(scheduled.digest() == by_hand.digest());
    CHECK(scheduled.learning_rate() == 0.01);
    const std::string before = scheduled.digest();
    const auto negative = std::make_shared<callbacks::LearningRateScheduler>([](std::int64_t, double) { return -1.0; });
    CHECK_THROWS_AS(fit(scheduled, 1, {negative}), InvalidArgument);
    CHECK(scheduled.digest() == before);
    CHECK(scheduled.learning_rate() == 0.01);
}

TEST_CASE("EarlyStopping: ends where the number stops falling and gives the best weights back, however the run ends") {
    struct Series {
        std::vector<double> numbers;
        std::size_t epochs;
        std::int64_t best, stopped;
    };
    for (const Series& series : {Series{{3, 1, 2, 2, 2, 2}, 4, 1, 3}, Series{{3, 2, 1, 2}, 4, 2, 0}}) {
        Sequential model = mlp();
        std::vector<std::string> digests;
        const auto stopper = std::make_shared<callbacks::EarlyStopping>(callbacks::EarlyStoppingOptions{
            .monitor = "told", .patience = 2, .mode = callbacks::Mode::min, .restore_best_weights = true});
        const auto epochs = static_cast<std::int64_t>(series.numbers.size());
        const History history = fit(model, epochs, {told(series.numbers), digests_of(model, digests), stopper});
        CHECK(history.epoch.size() == series.epochs);
        CHECK(stopper->best_epoch() == series.best);
        CHECK(stopper->stopped_epoch() == series.stopped);
        CHECK(model.digest() == digests.at(static_cast<std::size_t>(series.best)));
        CHECK(model.digest() != digests.back());
    }
}

TEST_CASE("EarlyStopping: the copy of the weights is taken before the first step, once, and given back") {
    Sequential model = mlp();
    fit(model, 1, {});  // slots and arena are there
    const std::size_t weights = model.memory_plan(32).weights;
    const auto stopper = [] {
        return std::make_shared<callbacks::EarlyStopping>(
            callbacks::EarlyStoppingOptions{.monitor = "told", .mode = callbacks::Mode::min, .restore_best_weights = true});
    };
    const std::size_t used = memory_stats().used;
    reset_memory_peak();
    fit(model, 1, {});
    const std::size_t peak = memory_stats().peak;
    reset_memory_peak();
    fit(model, 4, {told({4, 3, 2, 1}), stopper()});
    CHECK(memory_stats().peak == peak + weights);
    CHECK(memory_stats().used == used);
    const std::string before = model.digest();
    configure_memory(MemoryMode::grow, peak + weights - 64);
    CHECK_THROWS_AS(fit(model, 1, {told({1}), stopper()}), InvalidArgument);
    CHECK(model.digest() == before);
    configure_memory(MemoryMode::grow, peak + weights);
    CHECK_NOTHROW(fit(model, 1, {told({1}), stopper()}));
    configure_memory(MemoryMode::grow, 0);
}

TEST_CASE("EarlyStopping: a stream builds the model; without an epoch to look at the weights stay as trained") {
    class Digits final : public BatchStream {
    public:
        void begin(std::int64_t /*epoch*/) override { given_ = false; }
        std::optional<Batch> next() override {
            if (std::exchange(given_, true)) return {};
            const Data data;
            return Batch{{data.x}, {data.y}, {}};
        }

    private:
        bool given_ = false;
    } digits;
    const auto stopper = std::make_shared<callbacks::EarlyStopping>(
        callbacks::EarlyStoppingOptions{.monitor = "loss", .restore_best_weights = true, .start_from_epoch = 2});
    Sequential model({layers::Flatten{}, layers::Dense{.units = 10, .activation = "softmax"}}, {.seed = 3});
    model.compile({.optimizer = "sgd", .loss = "sparse_categorical_crossentropy"});
    std::vector<std::string> digests;
    model.fit(digits, quiet(2, {stopper, digests_of(model, digests)}));
    CHECK(model.digest() == digests.back());
    CHECK(digests[0] != digests[1]);
    CHECK(!stopper->best());
}

TEST_CASE("ReduceLROnPlateau: reduces after the patience, not below min_lr, and waits in the cooldown") {
    Sequential model = mlp(1.0);
    const auto reducer = std::make_shared<callbacks::ReduceLROnPlateau>(callbacks::ReduceLROnPlateauOptions{
        .monitor = "told", .factor = 0.5, .patience = 2, .mode = callbacks::Mode::min, .cooldown = 1, .min_lr = 0.3});
    const History history = fit(model, 9, {told({5, 5, 5, 5, 5, 5, 5, 4, 4}), reducer});
    CHECK(history["learning_rate"] == std::vector<double>{1, 1, 1, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3});
    CHECK(model.learning_rate() == 0.3);
    CHECK(reducer->best() == 4.0);
}

TEST_CASE("ModelCheckpoint: files by their pattern, whole, and each can go on") {
    const test::Folder folder;
    Sequential model = mlp();
    const auto saver = std::make_shared<callbacks::ModelCheckpoint>(
        callbacks::ModelCheckpointOptions{.filepath = "deep/{epoch:02d}-{val_loss:.3f}.safetensors", .folder = folder / ""});
    const History history = fit(model, 3, {saver}, 1.0 / 3);
    for (std::size_t i = 0; i < 3; ++i) {
        Model again = load_model(folder / fmt::format("deep/{:02d}-{:.3f}.safetensors", i + 1, history["val_loss"][i]));
        CHECK(again.epoch() == static_cast<std::int64_t>(i + 1));
        fit(again, 3 - again.epoch(), {}, 1.0 / 3);
        CHECK(again.digest() == model.digest());
    }
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "deep"), {}) == 3);  // nothing else was left behind
}

TEST_CASE("ModelCheckpoint: the best only; what cannot be written leaves the file and the model as they were") {
    const test::Folder folder;
    Sequential model = mlp();
    std::vector<std::string> digests;
    const auto saver =
        std::make_shared<callbacks::ModelCheckpoint>(callbacks::ModelCheckpointOptions{.filepath = "best.safetensors",
                                                                                       .monitor = "told",
                                                                                       .save_best_only = true,
                                                                                       .mode = callbacks::Mode::min,
                                                                                       .folder = folder / ""});
    fit(model, 3, {told({3, 1, 2}), digests_of(model, digests), saver});
    fit(model, 2, {told({2, 1.5}), saver});  // the best is kept from fit to fit
    CHECK(digest_of_file(folder / "best.safetensors") == digests[1]);
    CHECK(saver->best() == 1.0);
    std::filesystem::create_directory(folder / "taken.safetensors");
    const auto fails = std::make_shared<callbacks::ModelCheckpoint>(
        callbacks::ModelCheckpointOptions{.filepath = "taken.safetensors", .folder = folder / ""});
    CHECK_THROWS_AS(fit(model, 1, {fails}), IoError);
    CHECK(folder.files() == 2);
    CHECK(model.epoch() == 6);
    CHECK_NOTHROW(fit(model, 1, {}));
    const auto unknown = std::make_shared<callbacks::ModelCheckpoint>(
        callbacks::ModelCheckpointOptions{.filepath = "{val_loss}.safetensors", .folder = folder / ""});
    CHECK(contains(message_of<InvalidArgument>([&] { fit(model, 1, {unknown}); }), "pattern of epoch, loss or accuracy"));
}

TEST_CASE("CSVLogger: the bytes of the file; goes on, starts anew, refuses") {
    const test::Folder folder;
    const auto file = folder / "log.csv";
    Sequential model = mlp();
    const auto named = std::make_shared<callbacks::LambdaCallback>(
        callbacks::LambdaHooks{.on_epoch_end = [](Training&, std::int64_t epoch, Metrics& logs) {
            logs.clear();
            logs = {{"b", 0.1}, {"a,\"c\"", 1e-7}};
            if (epoch != 1) logs.emplace_back("Z", 3);
        }});
    fit(model, 2, {named, std::make_shared<callbacks::CSVLogger>(file)});
    const std::string first = "epoch,Z,\"a,\"\"c\"\"\",b\r\n0,3.0,1e-07,0.1\r\n1,NA,1e-07,0.1\r\n";
    CHECK(bytes_of(file) == first);
    fit(model, 1, {named, std::make_shared<callbacks::CSVLogger>(file, ",", true)});
    CHECK(bytes_of(file) == first + "2,3.0,1e-07,0.1\r\n");
    fit(model, 1, {named, std::make_shared<callbacks::CSVLogger>(file, ";")});
    CHECK(bytes_of(file) == "epoch;Z;\"a,\"\"c\"\"\";b\r\n3;3.0;1e-07;0.1\r\n");
    const std::string before = model.digest();
    CHECK_THROWS_AS(fit(model, 1, {std::make_shared<callbacks::CSVLogger>(folder / "no/log.csv")}), IoError);
    CHECK(model.digest() == before);
}

TEST_CASE("callbacks: Training copies weights, takes them back, and prints among the run's lines") {
    Sequential model = mlp();
    std::vector<Tensor> drawn;
    std::string printed;
    const auto back = std::make_shared<callbacks::LambdaCallback>(
        callbacks::LambdaHooks{.on_train_begin = [&](Training& t) { drawn = t.weights(); },
                               .on_train_end =
                                   [&](Training& t, const Metrics&) {
                                       CHECK(t.step() == 3);
                                       t.set_weights(drawn);
                                       t.print("back");
                                   }});
    const std::string before = model.digest();
    const Data data;
    FitOptions options = quiet(1, {back});
    options.hooks.print = [&](const std::string& text) { printed += text; };
    model.fit(data.x, data.y, options);
    CHECK(model.digest() == before);
    CHECK(printed == "back\n");
}

TEST_CASE("callbacks: what cannot be is refused before the first step") {
    Sequential model = mlp();
    const std::string before = model.digest();
    CHECK(contains(message_of<InvalidArgument>([&] { fit(model, 1, {nullptr}); }), "null pointer"));
    const auto taken = [&](std::vector<Tensor> weights) {
        const auto setter = std::make_shared<callbacks::LambdaCallback>(
            callbacks::LambdaHooks{.on_train_begin = [weights = std::move(weights)](Training& t) { t.set_weights(weights); }});
        return message_of<InvalidArgument>([&] { fit(model, 1, {setter}); });
    };
    Tensor kernel({64, 10}), bias({10}), wrong({5});
    for (const Tensor& tensor : {kernel, bias, wrong}) std::fill(tensor.values().begin(), tensor.values().end(), 0.5F);
    CHECK(contains(taken({kernel}), "the model has 2 weights; got 1"));
    CHECK(contains(taken({kernel, wrong}), "dense/bias has shape (10,); got (5,)"));
    CHECK(model.digest() == before);
    Sequential unbuilt({layers::Flatten{}, layers::Dense{.units = 10}});
    unbuilt.compile({.optimizer = "sgd", .loss = "mse"});
    class Nothing final : public BatchStream {
        void begin(std::int64_t /*pass*/) override {}
        std::optional<Batch> next() override { return {}; }
    } nothing;
    const auto looker = std::make_shared<callbacks::LambdaCallback>(
        callbacks::LambdaHooks{.on_train_begin = [](Training& t) { CHECK(t.weights().empty()); }});
    CHECK_THROWS_AS(unbuilt.fit(nothing, quiet(1, {looker})), InvalidArgument);
}

TEST_CASE("callbacks: a run's own model is not compiled or fitted from inside") {
    Sequential model = mlp();
    Sequential alone = mlp();
    fit(alone, 1, {});
    const auto inside = [&](const auto& call) {
        return std::make_shared<callbacks::LambdaCallback>(
            callbacks::LambdaHooks{.on_epoch_begin = [&model, call](Training&, std::int64_t) {
                const std::string text = message_of<RunFailed>([&] { call(model); });
                CHECK(contains(text, "a model takes one call at a time"));
            }});
    };
    fit(model, 1, {inside([](Sequential& it) { it.compile({.optimizer = "sgd", .loss = "mse"}); }), inside([](Sequential& it) {
                       fit(it, 1, {});
                   })});
    CHECK(model.digest() == alone.digest());
}

TEST_CASE("callbacks: a recipe's and the code's are the same: digest, history, files") {
    const char* text = R"(
seed = 7
[data]
source = "digits"
divide = 16
validation_split = 0.9
[model]
layers = [{ type = "Flatten" }, { type = "Dense", units = 10, activation = "softmax" }]
[train]
optimizer = { type = "SGD", learning_rate = 0.5 }
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
epochs = 30
callbacks = [
  { type = "ReduceLROnPlateau", monitor = "loss", factor = 0.5, patience = 1, min_delta = 0.1 },
  { type = "CSVLogger", filename = "log.csv" },
  { type = "ModelCheckpoint", filepath = "{epoch}.safetensors", save_best_only = true, monitor = "val_accuracy" },
  { type = "EarlyStopping", monitor = "val_accuracy", patience = 3, restore_best_weights = true },
]
)";
    const test::Folder by_recipe, by_code;
    const Run run = train(Recipe::parse(text, by_recipe / ""), {.verbose = Verbose::silent});
    Sequential model({layers::Flatten{}, layers::Dense{.units = 10, .activation = "softmax"}}, {.seed = 7});
    model.compile({.optimizer = optimizers::SGD{.learning_rate = 0.5},
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"}});
    Tensor x({1500, 8, 8});
    const auto* pixels = static_cast<const unsigned char*>(load_digits().x_train.data);
    for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(pixels[i]) / 16.0F;
    const auto stopper = std::make_shared<callbacks::EarlyStopping>(
        callbacks::EarlyStoppingOptions{.monitor = "val_accuracy", .patience = 3, .restore_best_weights = true});
    const Callbacks mine{
        std::make_shared<callbacks::ReduceLROnPlateau>(
            callbacks::ReduceLROnPlateauOptions{.monitor = "loss", .factor = 0.5, .patience = 1, .min_delta = 0.1}),
        std::make_shared<callbacks::CSVLogger>(by_code / "log.csv"),
        std::make_shared<callbacks::ModelCheckpoint>(callbacks::ModelCheckpointOptions{
            .filepath = "{epoch}.safetensors", .monitor = "val_accuracy", .save_best_only = true, .folder = by_code / ""}),
        stopper};
    const History history = model.fit(x, load_digits().y_train, quiet(30, mine, 0.9));
    CHECK(model.digest() == run.digest());
    CHECK(history.epoch == run.history.epoch);
    CHECK(history.series == run.history.series);
    CHECK(history.epoch.size() == static_cast<std::size_t>(stopper->stopped_epoch() + 1));
    CHECK(history.epoch.size() < 30);
    CHECK(history["learning_rate"].back() < 0.5);
    CHECK(by_code.files() == by_recipe.files());
    for (const auto& entry : std::filesystem::directory_iterator(by_code / "")) {
        const std::string name = entry.path().filename().string();
        INFO(name);
        CHECK(bytes_of(entry.path()) == bytes_of(by_recipe / name));
    }
    CHECK(digest_of_file(by_code / fmt::format("{}.safetensors", stopper->best_epoch() + 1)) == model.digest());
}
