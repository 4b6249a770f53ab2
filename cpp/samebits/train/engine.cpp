#include "samebits/train/engine.h"

#include <algorithm>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/data/convert.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/train/task_program.h"

namespace samebits {

void Engine::compile(std::unique_ptr<Optimizer> optimizer, const LossSpec& loss, const std::vector<std::string>& metrics) {
    const OutputRows rows = output_rows(graph_.node(output_).output_shape);
    std::vector<MetricSpec> chosen = choose_metrics(metrics, wants_labels(loss.name), rows.classes);
    for (const Weight& weight : graph_.weights())
        if (weight.trainable) optimizer->add_weight(weight.name, weight.value.shape());
    optimizer_ = std::move(optimizer);
    loss_ = loss;
    metric_names_ = metrics;
    metrics_ = std::move(chosen);
    for (auto& task : tasks_) task.reset();
}

void Engine::check_loss_fits(std::string_view op) const {
    if (loss_->name == LossName::mean_squared_error) return;
    int node = output_;
    OutputRange range = OutputRange::as_input;
    for (;; node = graph_.node(node).inputs[0]) {
        range = graph_.node(node).layer.impl().output_range();
        if (range != OutputRange::as_input) break;
    }
    const std::string& layer = graph_.node(node).name;
    require(loss_->from_logits || range != OutputRange::any,
            "[{}] {} takes probabilities; got the output of \"{}\", which can be negative; give it a softmax or sigmoid "
            "activation, or use from_logits=True",
            op, name_of(loss_->name), layer);
    require(!loss_->from_logits || range != OutputRange::probability,
            "[{}] {} with from_logits=True takes logits; got the output of \"{}\", probabilities; leave its activation out", op,
            name_of(loss_->name), layer);
}

TaskProgram Engine::build(Task task, std::int64_t batch) const {
    return build_task({graph_, output_, loss_, !metrics_.empty(), optimizer_.get()}, task, batch);
}

std::size_t Engine::slot_bytes() const {
    std::size_t bytes = 0;
    for (const Slot& slot : optimizer_->slots())
        bytes += aligned_bytes(static_cast<std::size_t>(element_count(slot.shape)) * sizeof(float));
    return bytes;
}

MemoryPlan Engine::memory_plan(std::int64_t train_batch, std::int64_t test_batch) const {
    const TaskProgram train = build(Task::train, train_batch);
    MemoryPlan plan = describe(graph_, train.executor.program(), train.executor.plan());
    plan.slots = slot_bytes();
    if (test_batch > 0) plan.arena = std::max(plan.arena, build(Task::test, test_batch).executor.plan().arena_bytes);
    return plan;
}

std::size_t Engine::arena_for(const Batches& batches, std::int64_t most) const {
    const std::int64_t sizes[] = {batches.train, batches.test, batches.predict};
    std::size_t arena = 0;
    for (std::size_t i = 0; i < 3; ++i)
        if (sizes[i] > 0)
            arena = std::max(arena, build(static_cast<Task>(i), std::min(sizes[i], most)).executor.plan().arena_bytes);
    return arena;
}

void Engine::require_memory(const Batches& batches, std::size_t arena, std::size_t slots) const {
    const MemoryStats stats = memory_stats();
    const std::size_t held = stats.used - aligned_bytes(arena_.size());
    const std::size_t fixed = held + slots + aligned_bytes(batches.result);
    if (stats.limit == 0 || fixed + arena <= stats.limit) return;
    // The largest batch that fits, by bisection: the arena grows with the batch.
    std::int64_t fits = 0;
    for (std::int64_t high = std::max({batches.train, batches.test, batches.predict}); high - fits > 1;) {
        const std::int64_t middle = fits + (high - fits) / 2;
        (fixed + arena_for(batches, middle) <= stats.limit ? fits : high) = middle;
    }
    fail("[memory] this run needs {} of memory; got memory_limit={} with {} held by weights, data and other models; {}\n{}",
         format_bytes(fixed + arena), format_bytes(stats.limit), format_bytes(held),
         fits == 0 ? "no batch_size fits: raise the limit or make the model smaller"
         : batches.train > 0
             ? fmt::format("batch_size={} would fit, with another result; raise the limit to keep the result", fits)
             : fmt::format("batch_size={} would fit, with the same result", fits),
         batches.train > 0 ? to_string(memory_plan(batches.train, batches.test)) : std::string());
}

void Engine::prepare(const Batches& batches, bool exact) {
    const std::int64_t sizes[] = {batches.train, batches.test, batches.predict};
    std::optional<TaskProgram> fresh[3];
    std::size_t arena = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (sizes[i] == 0) continue;
        // A program for a larger batch serves too, if only the arena need not grow for it.
        const auto& have = tasks_[i];
        const bool reuse =
            have && have->executor.program().isa == kernels::current_isa() &&
            (have->executor.program().batch == sizes[i] ||
             (!exact && have->executor.program().batch > sizes[i] && have->executor.plan().arena_bytes <= arena_.size()));
        if (!reuse) fresh[i] = build(static_cast<Task>(i), sizes[i]);
        arena = std::max(arena, (reuse ? *have : *fresh[i]).executor.plan().arena_bytes);
    }
    const bool resize = exact ? arena != arena_.size() : arena > arena_.size();
    const bool slots = batches.train > 0 && std::any_of(optimizer_->slots().begin(), optimizer_->slots().end(),
                                                        [](const Slot& slot) { return slot.value.data() == nullptr; });
    if (resize || slots || batches.result > 0)
        require_memory(batches, resize ? arena : arena_.size(), slots ? slot_bytes() : 0);
    if (resize || slots) {
        const std::size_t size = resize ? arena : arena_.size();
        // Given back first: the peak is the plan's. Taken last: in a preallocated block it can grow where it lies.
        arena_ = Buffer();
        if (slots) optimizer_->allocate();
        arena_ = Buffer(size);
    }
    for (std::size_t i = 0; i < 3; ++i)
        if (fresh[i]) tasks_[i] = std::move(fresh[i]);
}

Frame Engine::bind(const TaskProgram& task) const {
    std::vector<std::byte*> external;
    for (const Weight& weight : graph_.weights()) external.push_back(reinterpret_cast<std::byte*>(weight.value.data()));
    if (!task.gradients.empty())
        for (const Slot& slot : optimizer_->slots()) external.push_back(reinterpret_cast<std::byte*>(slot.value.data()));
    return task.executor.bind(arena_.data(), external, seed_);
}

Frame Engine::load(const TaskProgram& task, const Source& x, std::span<const std::int64_t> rows) const {
    Frame frame = bind(task);
    frame.batch = static_cast<std::int64_t>(rows.size());
    ensure(frame.batch <= task.executor.program().batch, "a batch is larger than its program");
    gather_rows(x.view, rows, frame.data(task.input), x.divide);
    return frame;
}

float Engine::run_to_loss(const TaskProgram& task, Frame& frame, const ArrayView& y, std::span<const std::int64_t> rows,
                          Phase last, MetricSums& sums) {
    const bool labels = wants_labels(loss_->name);
    if (labels) {
        gather_labels(y, rows, frame.data<std::int32_t>(task.target));
    } else {
        gather_rows(y, rows, frame.data(task.target));
    }
    task.executor.run(frame, Phase::forward, last);
    const OutputRows out = output_rows(graph_.node(output_).output_shape);
    const std::int64_t count = frame.batch * out.rows;
    const float loss = frame.kernels->lane_sum(count, frame.data(task.losses)) / static_cast<float>(count);
    sums.add_loss(loss, frame.batch);
    if (task.output != no_buffer)
        sums.add_predictions(count, out.classes, frame.data(task.output), labels ? nullptr : frame.data(task.target),
                             labels ? frame.data<std::int32_t>(task.target) : nullptr);
    return loss;
}

void Engine::require_finite_step(const TaskProgram& task, const Frame& frame, float loss, std::int64_t step) const {
    require<NonFinite>(
        frame.kernels->first_non_finite(1, &loss) < 0,
        "[fit] the loss must stay finite; got {} in step {}; lower the learning rate, or check the scale of x and y", loss,
        step);
    for (const auto& [weight, gradient] : task.gradients) {
        const Weight& w = graph_.weights()[static_cast<std::size_t>(weight)];
        const std::int64_t place = frame.kernels->first_non_finite(w.value.size(), frame.data(gradient));
        require<NonFinite>(place < 0,
                           "[fit] gradients must stay finite; got {} in the gradient of {}, element {}, in step {}; {}",
                           place < 0 ? 0.0F : frame.data(gradient)[place], w.name, place, step, "lower the learning rate");
    }
}

void Engine::require_finite_state(std::int64_t step) const {
    const kernels::Table& table = kernels::current();
    const auto check = [&](const std::string& name, const Tensor& value) {
        const std::int64_t place = table.first_non_finite(value.size(), value.data());
        require<NonFinite>(place < 0,
                           "[fit] weights must stay finite; got {} in {}, element {}, after step {}; lower the learning rate",
                           place < 0 ? 0.0F : value.data()[place], name, place, step);
    };
    for (const Weight& weight : graph_.weights()) check(weight.name, weight.value);
    for (const Slot& slot : optimizer_->slots()) check(slot.name, slot.value);
}

void Engine::train_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, std::int64_t step,
                        MetricSums& sums) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::train)];
    Frame frame = load(task, x, rows);
    frame.step = static_cast<std::uint32_t>(step);
    const float loss = run_to_loss(task, frame, y, rows, Phase::backward, sums);
    require_finite_step(task, frame, loss, step);
    optimizer_->begin_step();
    task.executor.run(frame, Phase::update, Phase::update);
    optimizer_->commit();
    require_finite_state(step);
}

void Engine::test_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, MetricSums& sums) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::test)];
    Frame frame = load(task, x, rows);
    run_to_loss(task, frame, y, rows, Phase::loss, sums);
}

void Engine::predict_step(const Source& x, std::span<const std::int64_t> rows, float* out) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::predict)];
    Frame frame = load(task, x, rows);
    task.executor.run(frame, Phase::forward, Phase::forward);
    const std::int64_t count = frame.batch * element_count(graph_.node(output_).output_shape);
    std::copy_n(frame.data(task.output), count, out);
}

}  // namespace samebits
