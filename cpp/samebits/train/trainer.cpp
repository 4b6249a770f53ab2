// The loops: epochs over batches, evaluation, prediction. Everything that decides bits is below: order, engine, kernels.
#include <algorithm>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/thread_pool.h"
#include "samebits/data/convert.h"
#include "samebits/data/order.h"
#include "samebits/train/feed.h"
#include "samebits/train/model_impl.h"
#include "samebits/train/progress.h"
#include "samebits/version.h"

namespace samebits {
namespace {

void require_batch_size(const char* op, std::int64_t batch_size) {
    require(batch_size >= 1, "[{}] batch_size must be at least 1; got batch_size={}; give at least 1", op, batch_size);
}

void stop_if_asked(const RunHooks& hooks) {
    if (hooks.interrupted()) fail<Interrupted>("[fit] interrupted between two steps; the model is as after the last step");
}

// A stream's batch is looked at when it comes; arrays were before the run.
void accept(ModelImpl& model, const char* op, const Feed& feed, const Batch& batch, bool training) {
    if (!feed.is_stream()) return;
    BuildForData build_for(model, op, batch.samples);
    model.check_data(op, batch.samples);
    const bool weighted = !batch.samples.weights.empty();
    const std::int64_t size = batch.samples.count();
    model.engine->prepare(training ? Engine::Batches{.train = size, .train_weighted = weighted}
                                   : Engine::Batches{.test = size, .test_weighted = weighted},
                          /*exact=*/false);
    build_for.keep();
}

class TrainingOf final : public Training {
public:
    TrainingOf(ModelImpl& model, const RunHooks& hooks) : model_(model), hooks_(hooks) {}
    void stop() override { stopped_ = true; }
    [[nodiscard]] bool stopped() const override { return stopped_; }
    [[nodiscard]] double learning_rate() const override { return model_.engine->optimizer().learning_rate(); }
    void set_learning_rate(double rate) override {
        model_.engine->optimizer().set_learning_rate(rate);
        model_.compile_options->optimizer = model_.engine->optimizer().spec();
    }
    [[nodiscard]] std::optional<bool> rises(const std::string& name) const override {
        const std::string own = name.rfind("val_", 0) == 0 ? name.substr(4) : name;
        const std::vector<OutputMetrics>& outputs = model_.engine->metrics();
        if (own == "loss") return false;
        for (const OutputMetrics& output : outputs) {
            if (outputs.size() > 1 && own == output.prefix + "loss") return false;
            for (const MetricSpec& metric : output.metrics)
                if (own == output.prefix + metric.name) return is_accuracy(metric.kind);
        }
        return {};
    }
    [[nodiscard]] std::int64_t step() const override { return model_.step; }
    [[nodiscard]] std::vector<Tensor> weights() const override {
        model_.require_built("weights");
        std::vector<Tensor> copies;
        for (const Weight& weight : model_.graph->weights()) copies.push_back(weight.value.clone());
        return copies;
    }
    void set_weights(const std::vector<Tensor>& weights) override {
        model_.require_built("set_weights");
        const std::vector<Weight>& own = model_.graph->weights();
        require(weights.size() == own.size(), "[set_weights] the model has {} weights; got {}; give one array for each",
                own.size(), weights.size());
        for (std::size_t i = 0; i < own.size(); ++i) {
            require(weights[i].shape() == own[i].value.shape(), "[set_weights] {} has shape {}; got {}; give that shape",
                    own[i].name, to_string(own[i].value.shape()), to_string(weights[i].shape()));
            require_finite(weights[i], "set_weights", own[i].name);
        }
        for (std::size_t i = 0; i < own.size(); ++i)
            std::copy(weights[i].values().begin(), weights[i].values().end(), own[i].value.data());
    }
    void save(const std::filesystem::path& path) const override {
        model_.require_built("save");
        model_.write(path, true);
    }
    void save_weights(const std::filesystem::path& path) const override {
        model_.require_built("save");
        model_.write(path, false);
    }
    void print(const std::string& line) const override { hooks_.print(line + "\n"); }

private:
    ModelImpl& model_;
    const RunHooks& hooks_;
    bool stopped_ = false;
};

// While fit() runs.
class Fitting {
public:
    explicit Fitting(ModelImpl& model) : model_(model) {
        model.require_not_fitting("fit");
        model.fitting = true;
    }
    ~Fitting() { model_.fitting = false; }
    Fitting(const Fitting&) = delete;
    Fitting& operator=(const Fitting&) = delete;

private:
    ModelImpl& model_;
};

// What a run is made of besides its data.
struct Run {
    ModelImpl& model;
    const RunHooks& hooks;
    const std::vector<std::shared_ptr<Callback>>& callbacks;
    Training& training;

    template <class... Arguments, class... Given>
    void tell(void (Callback::*hook)(Training&, Arguments...), Given&&... given) const {
        for (const auto& callback : callbacks) {
            require(callback != nullptr, "[callbacks] each must be a callback; got a null pointer; leave it out");
            const FpGuard guard;
            (callback.get()->*hook)(training, given...);
        }
    }
};

Metrics run_test(const Run& run, Feed& feed, const char* op) {
    MetricSums sums;
    bool ready = false;
    run.tell(&Callback::on_test_begin);
    feed.begin(0);
    for (std::int64_t done = 0;; ++done) {
        stop_if_asked(run.hooks);
        const std::optional<Batch> batch = feed.next(op, true);
        if (!batch) break;
        accept(run.model, op, feed, *batch, /*training=*/false);
        if (!ready) sums.reset(run.model.engine->metrics());
        ready = true;
        run.tell(&Callback::on_test_batch_begin, done);
        run.model.engine->test_step(*batch, sums);
        run.tell(&Callback::on_test_batch_end, done, sums.result());
    }
    require(ready, "[{}] there is nothing to evaluate; got no batch; give data", op);
    run.tell(&Callback::on_test_end, sums.result());
    return sums.result();
}

Metrics with_validation(Metrics metrics, const Metrics& validation) {
    for (const auto& [name, value] : validation) metrics.emplace_back("val_" + name, value);
    return metrics;
}

void append(History& history, std::int64_t epoch, const Metrics& metrics) {
    history.epoch.push_back(epoch);
    for (const auto& [name, value] : metrics) {
        auto found = std::find_if(history.series.begin(), history.series.end(),
                                  [&name = name](const auto& s) { return s.first == name; });
        if (found == history.series.end()) found = history.series.insert(found, {name, {}});
        found->second.push_back(value);
    }
}

std::string headline(const ModelImpl& model, const std::string& memory) {
    return fmt::format("samebits {}: portable bits, profile {}, seed {}; cpu {}, {} thread{}{}", version, profile, model.seed,
                       kernels::name_of(kernels::current_isa()), thread_count(), thread_count() == 1 ? "" : "s", memory);
}

void require_options(const FitOptions& options, std::int64_t epoch) {
    require_batch_size("fit", options.batch_size);
    require(options.epochs >= 0, "[fit] epochs must not be negative; got epochs={}; give a number from 0 on", options.epochs);
    constexpr std::int64_t most = std::int64_t{1} << 32;  // random numbers are keyed by 32 bits of the epoch
    require(options.initial_epoch.value_or(0) >= 0 && options.initial_epoch.value_or(0) < most,
            "[fit] initial_epoch must be from 0 to 2^32 - 1; got initial_epoch={}; give a number in this range",
            options.initial_epoch.value_or(0));
    require(options.epochs <= most - (options.initial_epoch ? 0 : std::min(epoch, most)),
            "[fit] a model counts at most 2^32 epochs; got epochs={} after {}; ask for fewer", options.epochs, epoch);
    require(options.validation_split >= 0 && options.validation_split < 1,
            "[fit] validation_split must be in [0, 1); got validation_split={}; give a number in this range",
            options.validation_split);
}

std::int64_t epochs_to_run(ModelImpl& model, const FitOptions& options) {
    if (!options.initial_epoch) return options.epochs;
    model.epoch = *options.initial_epoch;
    return std::max<std::int64_t>(options.epochs - *options.initial_epoch, 0);
}

// One epoch; what it printed and counted.
Metrics run_epoch(const Run& run, Feed& feed, std::int64_t steps, Progress& progress) {
    MetricSums sums;
    bool ready = false;
    // An epoch of so many steps goes on with the stream's next pass.
    const auto next = [&] {
        std::optional<Batch> batch = feed.next("fit", true);
        if (batch || steps < 0 || !feed.is_stream()) return batch;
        feed.begin_next();
        return feed.next("fit", true);
    };
    for (std::int64_t done = 0; steps < 0 || done < steps; ++done) {
        stop_if_asked(run.hooks);
        const std::optional<Batch> batch = next();
        if (!batch) break;
        accept(run.model, "fit", feed, *batch, /*training=*/true);
        if (!ready) sums.reset(run.model.engine->metrics());
        ready = true;
        run.tell(&Callback::on_train_batch_begin, done);
        run.model.train_step(*batch, sums);
        if (!run.callbacks.empty()) run.tell(&Callback::on_train_batch_end, done, sums.result());
        if (progress.due()) progress.step(done + 1, sums.result());
        if (run.training.stopped()) break;
    }
    require(ready, "[fit] there is nothing to train on; got no batch; give data");
    return sums.result();
}

// Whether a stream has a batch for another epoch; of so many steps, in this pass or the next.
bool goes_on(Feed& feed, std::int64_t steps) {
    if (feed.look_ahead("fit")) return true;
    if (steps < 0) return false;
    feed.begin_next();
    return feed.look_ahead("fit").has_value();
}

// trained: samples that array feeds visit in each epoch.
History run_epochs(const Run& run, Feed& feed, std::int64_t trained, Feed* validation, const FitOptions& options,
                   Progress& progress) {
    if (feed.is_stream() && options.epochs > 0) {
        // Refused before anything has changed, if its first batch cannot be taken.
        feed.begin(options.initial_epoch.value_or(run.model.epoch));
        const std::optional<Batch> first = feed.look_ahead("fit");
        require(first.has_value(), "[fit] there is nothing to train on; got no batch; give data");
        accept(run.model, "fit", feed, *first, /*training=*/true);
    }
    const std::int64_t epochs = epochs_to_run(run.model, options);
    const std::int64_t steps = options.steps_per_epoch.value_or(-1);
    if (run.model.engine != nullptr) run.model.batch_sums.reset(run.model.engine->metrics());
    History history;
    Metrics metrics;
    run.tell(&Callback::on_train_begin);
    for (std::int64_t i = 0; i < epochs && !run.training.stopped(); ++i) {
        const std::int64_t epoch = run.model.epoch;
        if (!feed.is_stream())
            feed.set_order(epoch_order(trained, run.model.seed, static_cast<std::uint32_t>(epoch), options.shuffle));
        if (!feed.is_stream() || (steps < 0 && i > 0)) feed.begin(epoch);  // a stream's first pass has begun
        if (steps >= 0 && i > 0) feed.count_anew();
        if (feed.is_stream() && i > 0 && !goes_on(feed, steps)) break;
        progress.begin(fmt::format("Epoch {}/{}", epoch + 1, epoch + epochs - i), steps < 0 ? feed.batches() : steps);
        run.tell(&Callback::on_epoch_begin, epoch);
        metrics = run_epoch(run, feed, steps, progress);
        if (validation != nullptr) metrics = with_validation(std::move(metrics), run_test(run, *validation, "fit: validation"));
        ++run.model.epoch;
        progress.end(metrics);
        run.tell(&Callback::on_epoch_end, epoch, metrics);
        append(history, epoch, metrics);
    }
    run.tell(&Callback::on_train_end, metrics);
    return history;
}

Samples validation_samples(const ValidationData& data, const Samples& training) {
    Samples samples;
    // A recipe divides its validation data as its training data.
    for (std::size_t i = 0; i < data.x.size(); ++i)
        samples.x.push_back({data.x[i], i < training.x.size() ? training.x[i].divide : 1.0F});
    samples.y = data.y;
    samples.weights = sample_weights("fit: validation_data", data.sample_weight, {}, data.y, samples.count());
    return samples;
}

}  // namespace

void ModelImpl::train_step(const Batch& batch, MetricSums& sums) {
    try {
        engine->train_step(batch, step, epoch, sums);
    } catch (const NonFinite&) {
        failed = true;
        throw;
    }
    ++step;
}

History ModelImpl::fit(const Samples& samples, const FitOptions& options, std::int64_t evaluated) {
    const FpGuard guard;
    const Fitting fitting_now(*this);
    const RunHooks hooks = with_defaults(options.hooks);
    require_options(options, epoch);
    require(!options.steps_per_epoch, "[fit] steps_per_epoch is for streams of batches; got {} with arrays; leave it out",
            options.steps_per_epoch.value_or(0));
    require_ready("fit");
    BuildForData build_for(*this, "fit", samples);
    check_data("fit", samples);
    const std::int64_t count = samples.count();
    std::int64_t trained = count;
    Samples other;
    std::optional<Feed> validation;
    std::int64_t test_batch = 0;
    if (options.validation_data) {
        other = validation_samples(*options.validation_data, samples);
        check_data("fit: validation_data", other);
        validation.emplace(other, options.batch_size);
        validation->set_order(in_order(0, other.count()));
        test_batch = std::min(options.batch_size, other.count());
    } else if (options.validation_stream != nullptr) {
        validation.emplace(*options.validation_stream);
    } else if (options.validation_split > 0) {
        trained = validation_start(count, options.validation_split);
        require(trained >= 1,
                "[fit] validation_split leaves nothing to train on; got validation_split={} of {} samples; lower it",
                options.validation_split, count);
        if (trained < count) {
            validation.emplace(samples, options.batch_size);
            validation->set_order(in_order(trained, count));
            test_batch = std::min(options.batch_size, count - trained);
        }
    }
    engine->prepare({.train = std::min(options.batch_size, trained),
                     .test = std::max(test_batch, std::min(options.batch_size, evaluated)),
                     .train_weighted = !samples.weights.empty(),
                     .test_weighted = !(options.validation_data ? other : samples).weights.empty()},
                    /*exact=*/true);
    build_for.keep();

    Feed feed(samples, options.batch_size);
    Progress progress(hooks, options.verbose);
    progress.note(headline(*this, "; peak memory " + format_bytes(engine->prepared_plan().peak())));
    TrainingOf training(*this, hooks);
    const Run run{*this, hooks, options.callbacks, training};
    return run_epochs(run, feed, trained, validation ? &*validation : nullptr, options, progress);
}

History ModelImpl::fit(BatchStream& stream, const FitOptions& options) {
    const FpGuard guard;
    const Fitting fitting_now(*this);
    const RunHooks hooks = with_defaults(options.hooks);
    require_options(options, epoch);
    require(options.validation_split == 0, "[fit] validation_split is for arrays; got {} with a stream; use validation_data",
            options.validation_split);
    require(!options.sample_weight,
            "[fit] weights of a stream's samples come with its batches; got sample_weight; leave it out");
    require(options.steps_per_epoch.value_or(1) >= 1,
            "[fit] steps_per_epoch must be at least 1; got steps_per_epoch={}; give at least 1",
            options.steps_per_epoch.value_or(1));
    require_ready("fit");
    Samples other;
    std::optional<Feed> validation;
    if (options.validation_data) {
        require(is_built(),
                "[fit] validation arrays need a built model beside a stream; got no shapes yet; call build() first");
        other = validation_samples(*options.validation_data, {});
        check_data("fit: validation_data", other);
        engine->prepare({.test = std::min(options.batch_size, other.count()), .test_weighted = !other.weights.empty()}, false);
        validation.emplace(other, options.batch_size);
        validation->set_order(in_order(0, other.count()));
    } else if (options.validation_stream != nullptr) {
        validation.emplace(*options.validation_stream);
    }
    Feed feed(stream, options.class_weight);
    Progress progress(hooks, options.verbose);
    progress.note(headline(*this, ""));
    TrainingOf training(*this, hooks);
    const Run run{*this, hooks, options.callbacks, training};
    return run_epochs(run, feed, 0, validation ? &*validation : nullptr, options, progress);
}

Metrics ModelImpl::evaluate(const Samples& samples, const EvaluateOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_batch_size("evaluate", options.batch_size);
    require_ready("evaluate");
    BuildForData build_for(*this, "evaluate", samples);
    check_data("evaluate", samples);
    const std::int64_t count = samples.count();
    engine->prepare({.test = std::min(options.batch_size, count), .test_weighted = !samples.weights.empty()}, /*exact=*/false);
    build_for.keep();
    Feed feed(samples, options.batch_size);
    feed.set_order(in_order(0, count));
    Progress progress(hooks, options.verbose);
    progress.begin("evaluate", feed.batches());
    TrainingOf training(*this, hooks);
    Metrics metrics = run_test({*this, hooks, options.callbacks, training}, feed, "evaluate");
    progress.end(metrics);
    return metrics;
}

Metrics ModelImpl::evaluate(BatchStream& stream, const EvaluateOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_ready("evaluate");
    Feed feed(stream);
    Progress progress(hooks, options.verbose);
    progress.begin("evaluate", feed.batches());
    TrainingOf training(*this, hooks);
    Metrics metrics = run_test({*this, hooks, options.callbacks, training}, feed, "evaluate");
    progress.end(metrics);
    return metrics;
}

std::vector<Tensor> ModelImpl::predict(const Samples& samples, const PredictOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_batch_size("predict", options.batch_size);
    BuildForData build_for(*this, "predict", samples);
    engine->check_inputs("predict", samples);
    const std::int64_t count = samples.count();
    std::vector<Shape> shapes;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < graph->output_nodes.size(); ++i) {
        const Shape& output = engine->output_shape(i);
        shapes.push_back({count});
        shapes[i].insert(shapes[i].end(), output.begin(), output.end());
        bytes += aligned_bytes(static_cast<std::size_t>(element_count(shapes[i])) * sizeof(float));
    }
    engine->prepare({.predict = std::min(options.batch_size, count), .result = bytes}, /*exact=*/false);
    std::vector<Tensor> results;
    std::vector<float*> out;
    for (const Shape& shape : shapes) results.emplace_back(shape);
    for (const Tensor& result : results) out.push_back(result.data());
    build_for.keep();
    Feed feed(samples, options.batch_size);
    feed.set_order(in_order(0, count));
    feed.begin(0);
    while (const std::optional<Batch> batch = feed.next("predict", false)) {
        stop_if_asked(hooks);
        engine->predict_step(*batch, out);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] += static_cast<std::int64_t>(batch->rows.size()) * element_count(engine->output_shape(i));
    }
    return results;
}

std::int64_t ModelImpl::stage_one(const ArrayView& x) {
    constexpr const char* op = "predict_on_batch";
    require_built(op);
    require(graph->output_nodes.size() == 1,
            "[{}] the model has {} outputs; got a call for one; use predict() with a list of x", op,
            graph->output_nodes.size());
    predicted.x.resize(1);
    predicted.x[0].view = x;
    engine->check_inputs(op, predicted);
    if (std::cmp_less(predicted_rows.size(), predicted.count())) predicted_rows = in_order(0, predicted.count());
    return predicted.count();
}

void ModelImpl::predict_staged(std::int64_t count, float* out) {
    engine->predict_step({predicted, std::span(predicted_rows).first(static_cast<std::size_t>(count))}, {&out, 1});
}

Tensor ModelImpl::predict_on_batch(const ArrayView& x) {
    const FpGuard guard;
    const std::int64_t count = stage_one(x);
    Shape shape{count};
    shape.insert(shape.end(), engine->output_shape(0).begin(), engine->output_shape(0).end());
    const auto bytes = static_cast<std::size_t>(element_count(shape)) * sizeof(float);
    engine->prepare({.predict = count, .result = aligned_bytes(bytes)}, /*exact=*/false);
    Tensor result(std::move(shape));
    predict_staged(count, result.data());
    return result;
}

void ModelImpl::predict_on_batch(const ArrayView& x, std::span<float> out) {
    const FpGuard guard;
    const std::int64_t count = stage_one(x);
    const std::int64_t values = count * element_count(engine->output_shape(0));
    require(std::cmp_equal(out.size(), values),
            "[predict_on_batch] the outputs of {} samples are {} numbers; got memory for {}; give as much", count, values,
            out.size());
    engine->prepare({.predict = count}, /*exact=*/false);
    predict_staged(count, out.data());
}

Metrics ModelImpl::train_on_batch(const Samples& samples) {
    const FpGuard guard;
    require_ready("train_on_batch");
    BuildForData build_for(*this, "train_on_batch", samples);
    check_data("train_on_batch", samples);
    engine->prepare({.train = samples.count(), .train_weighted = !samples.weights.empty()}, /*exact=*/false);
    build_for.keep();
    train_step({samples, in_order(0, samples.count())}, batch_sums);
    return batch_sums.result();
}

Metrics ModelImpl::test_on_batch(const Samples& samples) {
    const FpGuard guard;
    require_ready("test_on_batch");
    BuildForData build_for(*this, "test_on_batch", samples);
    check_data("test_on_batch", samples);
    engine->prepare({.test = samples.count(), .test_weighted = !samples.weights.empty()}, /*exact=*/false);
    build_for.keep();
    engine->test_step({samples, in_order(0, samples.count())}, test_sums);
    return test_sums.result();
}

}  // namespace samebits
