// The loops: epochs over batches, evaluation, prediction. Everything that decides bits is below: order, engine, kernels.
#include <algorithm>
#include <numeric>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/thread_pool.h"
#include "samebits/data/order.h"
#include "samebits/train/model_impl.h"
#include "samebits/train/progress.h"
#include "samebits/version.h"

namespace samebits {
namespace {

void require_batch_size(const char* op, std::int64_t batch_size) {
    require(batch_size >= 1, "[{}] batch_size must be at least 1; got batch_size={}", op, batch_size);
}

void stop_if_asked(const RunHooks& hooks) {
    if (hooks.interrupted()) fail<Interrupted>("[fit] interrupted between two steps; the model is as after the last step");
}

std::vector<std::int64_t> in_order(std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(end - begin));
    std::iota(rows.begin(), rows.end(), begin);
    return rows;
}

// Calls body(rows of the batch, batches done) for one batch after the other, the last may be short.
template <class Body>
void for_batches(std::span<const std::int64_t> rows, std::int64_t batch_size, Body&& body) {
    const auto count = static_cast<std::int64_t>(rows.size());
    std::int64_t done = 0;
    for (std::int64_t begin = 0; begin < count; begin += batch_size) {
        const std::int64_t size = std::min(batch_size, count - begin);
        body(rows.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size)), ++done);
    }
}

std::int64_t batches_of(std::int64_t count, std::int64_t batch_size) { return (count + batch_size - 1) / batch_size; }

// What validation runs on: a part of the training arrays, or arrays of its own.
struct Validation {
    Source x;
    ArrayView y;
    std::vector<std::int64_t> rows;
};

Metrics run_test(Engine& engine, const Validation& v, std::int64_t batch_size, const RunHooks& hooks) {
    MetricSums sums;
    sums.reset(engine.metrics());
    for_batches(v.rows, batch_size, [&](std::span<const std::int64_t> rows, std::int64_t) {
        stop_if_asked(hooks);
        engine.test_step(v.x, v.y, rows, sums);
    });
    return sums.result();
}

Metrics with_validation(Metrics metrics, const Metrics& validation) {
    for (const auto& [name, value] : validation) metrics.emplace_back("val_" + name, value);
    return metrics;
}

void append(History& history, std::int64_t epoch, const Metrics& metrics) {
    if (history.series.empty())
        for (const auto& [name, value] : metrics) history.series.emplace_back(name, std::vector<double>{});
    history.epoch.push_back(epoch);
    for (std::size_t i = 0; i < metrics.size(); ++i) history.series[i].second.push_back(metrics[i].second);
}

std::string headline(const Model::Impl& model, const MemoryPlan& plan) {
    return fmt::format("samebits {}: portable bits, profile {}, seed {}; cpu {}, {} thread{}; peak memory {}", version, profile,
                       model.seed, plan.isa, thread_count(), thread_count() == 1 ? "" : "s", format_bytes(plan.peak()));
}

void require_options(const FitOptions& options, std::int64_t epoch) {
    require_batch_size("fit", options.batch_size);
    require(options.epochs >= 0, "[fit] epochs must not be negative; got epochs={}", options.epochs);
    constexpr std::int64_t most = std::int64_t{1} << 32;  // random numbers are keyed by 32 bits of the epoch
    require(options.initial_epoch.value_or(0) >= 0 && options.initial_epoch.value_or(0) < most,
            "[fit] initial_epoch must be from 0 to 2^32 - 1; got initial_epoch={}", options.initial_epoch.value_or(0));
    require(options.epochs <= most - (options.initial_epoch ? 0 : std::min(epoch, most)),
            "[fit] a model counts at most 2^32 epochs; got epochs={} after {}; ask for fewer", options.epochs, epoch);
    require(options.validation_split >= 0 && options.validation_split < 1,
            "[fit] validation_split must be in [0, 1); got validation_split={}", options.validation_split);
}

std::int64_t epochs_to_run(Model::Impl& model, const FitOptions& options) {
    if (!options.initial_epoch) return options.epochs;
    model.epoch = *options.initial_epoch;
    return std::max<std::int64_t>(options.epochs - *options.initial_epoch, 0);
}

}  // namespace

void Model::Impl::train_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, MetricSums& sums) {
    try {
        engine->train_step(x, y, rows, step, sums);
    } catch (const NonFinite&) {
        failed = true;
        throw;
    }
    ++step;
}

History Model::Impl::fit(const Source& x, const ArrayView& y, const FitOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_options(options, epoch);
    require_ready("fit");
    BuildForData build_for(*this, "fit", x);
    check_data("fit", x, y);
    const std::int64_t samples = x.view.length();
    std::int64_t trained = samples;
    std::optional<Validation> validation;
    if (options.validation_data) {
        const Source vx{options.validation_data->first, x.divide};
        check_inputs("fit: validation_data", vx, input_shape_of());
        check_targets("fit: validation_data", options.validation_data->second, vx.view.length(), engine->loss().name,
                      output_shape_of());
        validation = Validation{vx, options.validation_data->second, in_order(0, vx.view.length())};
    } else if (options.validation_split > 0) {
        trained = validation_start(samples, options.validation_split);
        require(trained >= 1, "[fit] validation_split leaves nothing to train on; got validation_split={} of {} samples",
                options.validation_split, samples);
        if (trained < samples) validation = Validation{x, y, in_order(trained, samples)};
    }
    const std::int64_t test_batch =
        validation ? std::min(options.batch_size, static_cast<std::int64_t>(validation->rows.size())) : 0;
    engine->prepare({.train = std::min(options.batch_size, trained), .test = test_batch}, /*exact=*/true);
    build_for.keep();
    const std::int64_t epochs = epochs_to_run(*this, options);

    Progress progress(hooks, options.verbose);
    progress.note(headline(*this, engine->memory_plan(std::min(options.batch_size, trained), test_batch)));
    History history;
    batch_sums.reset(engine->metrics());
    for (std::int64_t i = 0; i < epochs; ++i) {
        const std::vector<std::int64_t> order = epoch_order(trained, seed, static_cast<std::uint32_t>(epoch), options.shuffle);
        MetricSums sums;
        sums.reset(engine->metrics());
        progress.begin(fmt::format("Epoch {}/{}", epoch + 1, epoch + epochs - i), batches_of(trained, options.batch_size));
        for_batches(order, options.batch_size, [&](std::span<const std::int64_t> rows, std::int64_t done) {
            stop_if_asked(hooks);
            train_step(x, y, rows, sums);
            if (progress.due()) progress.step(done, sums.result());
        });
        Metrics metrics = sums.result();
        if (validation)
            metrics = with_validation(std::move(metrics), run_test(*engine, *validation, options.batch_size, hooks));
        append(history, epoch, metrics);
        ++epoch;
        progress.end(metrics);
    }
    return history;
}

Metrics Model::Impl::evaluate(const Source& x, const ArrayView& y, const EvaluateOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_batch_size("evaluate", options.batch_size);
    require_ready("evaluate");
    BuildForData build_for(*this, "evaluate", x);
    check_data("evaluate", x, y);
    const std::int64_t count = x.view.length();
    engine->prepare({.test = std::min(options.batch_size, count)}, /*exact=*/false);
    build_for.keep();
    Progress progress(hooks, options.verbose);
    progress.begin("evaluate", batches_of(count, options.batch_size));
    Metrics metrics = run_test(*engine, {x, y, in_order(0, count)}, options.batch_size, hooks);
    progress.end(metrics);
    return metrics;
}

Tensor Model::Impl::predict(const Source& x, const PredictOptions& options) {
    const FpGuard guard;
    const RunHooks hooks = with_defaults(options.hooks);
    require_batch_size("predict", options.batch_size);
    BuildForData build_for(*this, "predict", x);
    check_inputs("predict", x, input_shape_of());
    const std::int64_t count = x.view.length();
    const Shape output = output_shape_of();
    Shape shape{count};
    shape.insert(shape.end(), output.begin(), output.end());
    engine->prepare({.predict = std::min(options.batch_size, count),
                     .result = static_cast<std::size_t>(element_count(shape)) * sizeof(float)},
                    /*exact=*/false);
    Tensor result(shape);
    build_for.keep();
    float* out = result.data();
    for_batches(in_order(0, count), options.batch_size, [&](std::span<const std::int64_t> rows, std::int64_t) {
        stop_if_asked(hooks);
        engine->predict_step(x, rows, out);
        out += static_cast<std::int64_t>(rows.size()) * element_count(output);
    });
    return result;
}

Metrics Model::Impl::train_on_batch(const Source& x, const ArrayView& y) {
    const FpGuard guard;
    require_ready("train_on_batch");
    BuildForData build_for(*this, "train_on_batch", x);
    check_data("train_on_batch", x, y);
    engine->prepare({.train = x.view.length()}, /*exact=*/false);
    build_for.keep();
    train_step(x, y, in_order(0, x.view.length()), batch_sums);
    return batch_sums.result();
}

Metrics Model::Impl::test_on_batch(const Source& x, const ArrayView& y) {
    const FpGuard guard;
    require_ready("test_on_batch");
    BuildForData build_for(*this, "test_on_batch", x);
    check_data("test_on_batch", x, y);
    engine->prepare({.test = x.view.length()}, /*exact=*/false);
    build_for.keep();
    engine->test_step(x, y, in_order(0, x.view.length()), test_sums);
    return test_sums.result();
}

}  // namespace samebits
