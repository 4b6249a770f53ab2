#include "samebits/train/engine.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/tasks_in_place.h"
#include "samebits/data/convert.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/train/task_program.h"

namespace samebits {
namespace {

// A NaN that a user may see is 7fc00000: the hardware's differ (the law, section 1).
float one_nan(float value) { return value == value ? value : std::numeric_limits<float>::quiet_NaN(); }

// Of every node's output; the widest of its inputs' where it hands them on.
std::vector<OutputRange> output_ranges(const Graph& graph) {
    std::vector<OutputRange> ranges;
    for (const Node& node : graph.nodes()) {
        OutputRange range = node.layer.impl().output_range();
        if (range == OutputRange::as_input) {
            range = OutputRange::probability;
            for (const int input : node.inputs) range = std::min(range, ranges[static_cast<std::size_t>(input)]);
        }
        ranges.push_back(range);
    }
    return ranges;
}

}  // namespace

void Engine::compile(std::unique_ptr<Optimizer> optimizer, const std::vector<OutputSpec>& outputs) {
    std::vector<OutputGoal> goals;
    std::vector<OutputMetrics> metrics;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const OutputSpec& spec = outputs[i];
        const std::string prefix = outputs.size() > 1 ? graph_.node(graph_.output_nodes[i]).name + "_" : "";
        const std::int64_t classes = output_rows(output_shape(i)).classes;
        metrics.push_back({prefix, choose_metrics(spec.metrics, wants_labels(spec.loss.name), classes)});
        goals.push_back({spec.loss, static_cast<float>(spec.loss_weight), !spec.metrics.empty()});
    }
    for (const Weight& weight : graph_.weights())
        if (weight.trainable) optimizer->add_weight(weight.name, weight.value.shape());
    optimizer_ = std::move(optimizer);
    goals_ = std::move(goals);
    metrics_ = std::move(metrics);
    for (auto& task : tasks_) task.reset();
}

void Engine::check_losses_fit(std::string_view op) const {
    const std::vector<OutputRange> ranges = output_ranges(graph_);
    for (std::size_t i = 0; i < goals_.size(); ++i) {
        const LossSpec& loss = goals_[i].loss;
        if (!takes_probabilities(loss.name)) continue;
        const OutputRange range = ranges[static_cast<std::size_t>(graph_.output_nodes[i])];
        const std::string& layer = graph_.node(graph_.output_nodes[i]).name;
        require(loss.from_logits || range != OutputRange::any,
                "[{}] {} takes probabilities; got the output of \"{}\", which can be negative; give it a softmax or sigmoid "
                "activation, or use from_logits=True",
                op, name_of(loss.name), layer);
        require(!loss.from_logits || range != OutputRange::probability,
                "[{}] {} with from_logits=True takes logits; got the output of \"{}\", probabilities; leave its activation out",
                op, name_of(loss.name), layer);
    }
}

void Engine::check_inputs(std::string_view op, const Samples& samples) const {
    const std::vector<Source>& x = samples.x;
    require(x.size() == graph_.input_nodes.size(), "[{}] the model has {} inputs; got {} arrays x; give one array an input", op,
            graph_.input_nodes.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
        const std::string what = x.size() == 1 ? "x" : fmt::format("x[{}]", i);
        samebits::check_inputs(op, x[i], input_shape(i), what);
        require(x[i].view.length() == samples.count(),
                "[{}] all inputs have as many samples; got {} in x[0] and {} in {}; give arrays of one length", op,
                samples.count(), x[i].view.length(), what);
    }
}

void Engine::check_targets(std::string_view op, const Samples& samples) const {
    const std::vector<ArrayView>& y = samples.y;
    require(y.size() == goals_.size(), "[{}] the model has {} outputs; got {} arrays y; give one array an output", op,
            goals_.size(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i)
        samebits::check_targets(op, y[i], samples.count(), goals_[i].loss.name, output_shape(i),
                                y.size() == 1 ? "y" : fmt::format("y[{}]", i));
}

TaskProgram Engine::build(Task task, std::int64_t batch, bool weighted) const {
    return build_task({graph_, goals_, optimizer_.get()}, task, batch, weighted);
}

std::size_t Engine::slot_bytes() const {
    std::size_t bytes = 0;
    for (const Slot& slot : optimizer_->slots())
        bytes += aligned_bytes(static_cast<std::size_t>(element_count(slot.shape)) * sizeof(float));
    return bytes;
}

MemoryPlan Engine::memory_plan(std::int64_t train_batch, std::int64_t test_batch, bool weighted) const {
    const TaskProgram train = build(Task::train, train_batch, weighted);
    MemoryPlan plan = describe(graph_, train.executor.program(), train.executor.plan());
    plan.slots = slot_bytes();
    if (test_batch > 0) plan.arena = std::max(plan.arena, build(Task::test, test_batch, weighted).executor.plan().arena_bytes);
    return plan;
}

MemoryPlan Engine::prepared_plan() const {
    const Executor& train = tasks_[static_cast<int>(Task::train)]->executor;
    MemoryPlan plan = describe(graph_, train.program(), train.plan());
    plan.slots = slot_bytes();
    plan.arena = arena_.size();
    return plan;
}

std::size_t Engine::arena_for(const Batches& batches, std::int64_t most) const {
    const std::int64_t sizes[] = {batches.train, batches.test, batches.predict};
    const bool weighted[] = {batches.train_weighted, batches.test_weighted, false};
    std::size_t arena = 0;
    for (std::size_t i = 0; i < 3; ++i)
        if (sizes[i] > 0)
            arena =
                std::max(arena, build(static_cast<Task>(i), std::min(sizes[i], most), weighted[i]).executor.plan().arena_bytes);
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
         batches.train > 0 ? to_string(memory_plan(batches.train, batches.test, batches.train_weighted)) : std::string());
}

void Engine::prepare(const Batches& batches, bool exact) {
    const std::int64_t sizes[] = {batches.train, batches.test, batches.predict};
    const bool weighted[] = {batches.train_weighted, batches.test_weighted, false};
    std::optional<TaskProgram> fresh[3];
    std::size_t arena = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        if (sizes[i] == 0) continue;
        // A program for a larger batch serves too, if only the arena need not grow for it.
        const auto& have = tasks_[i];
        const bool reuse =
            have && have->weighted == weighted[i] && have->executor.program().isa == kernels::current_isa() &&
            (have->executor.program().batch == sizes[i] ||
             (!exact && have->executor.program().batch > sizes[i] && have->executor.plan().arena_bytes <= arena_.size()));
        if (!reuse) fresh[i] = build(static_cast<Task>(i), sizes[i], weighted[i]);
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

Frame& Engine::load(const TaskProgram& task, const Batch& batch) {
    external_.clear();
    for (const Weight& weight : graph_.weights()) external_.push_back(reinterpret_cast<std::byte*>(weight.value.data()));
    if (!task.gradients.empty())
        for (const Slot& slot : optimizer_->slots()) external_.push_back(reinterpret_cast<std::byte*>(slot.value.data()));
    frame_ = task.executor.bind(arena_.data(), external_, seed_, std::move(frame_));
    Frame& frame = frame_;
    frame.batch = static_cast<std::int64_t>(batch.rows.size());
    ensure(frame.batch <= task.executor.program().batch, "a batch is larger than its program");
    for (std::size_t i = 0; i < task.inputs.size(); ++i) {
        const Source& x = batch.samples.x[i];
        const float* there = x.divide == 1 ? rows_in_place(x.view, batch.rows) : nullptr;
        if (there == nullptr)
            gather_rows(x.view, batch.rows, frame.data(task.inputs[i]), x.divide);
        else  // no step writes its inputs: build_task() has made sure
            frame.memory[static_cast<std::size_t>(task.inputs[i])] =
                const_cast<std::byte*>(reinterpret_cast<const std::byte*>(there));
    }
    return frame;
}

void Engine::load_targets(const TaskProgram& task, const Frame& frame, const Batch& batch) const {
    for (std::size_t i = 0; i < task.outputs.size(); ++i) {
        const OutputTask& out = task.outputs[i];
        if (wants_labels(goals_[i].loss.name)) {
            gather_labels(batch.samples.y[i], batch.rows, frame.data<std::int32_t>(out.target));
        } else {
            gather_rows(batch.samples.y[i], batch.rows, frame.data(out.target));
        }
        if (!task.weighted) continue;
        // row_weight, then row_scale: every row of a sample has the sample's weight.
        const std::int64_t each = output_rows(output_shape(i)).rows;
        const auto all = static_cast<float>(frame.batch * each);
        float* weight = frame.data(out.weights);
        float* scale = weight + frame.batch * each;
        for (const std::int64_t row : batch.rows) {
            const float w = batch.samples.weights[static_cast<std::size_t>(row)];
            for (std::int64_t k = 0; k < each; ++k) {
                *weight++ = w;
                *scale++ = w * goals_[i].loss_weight / all;
            }
        }
    }
}

float Engine::add_penalties(float loss) const {
    const kernels::Table& table = kernels::current();
    for (const Weight& weight : graph_.weights()) {
        const Regularizer& r = weight.regularizer;
        if (r.none() || !weight.trainable) continue;
        const std::int64_t count = weight.value.size();
        const float l1 = r.l1 == 0 ? 0.0F : static_cast<float>(r.l1) * table.abs_sum(count, weight.value.data());
        const float l2 = r.l2 == 0 ? 0.0F : static_cast<float>(r.l2) * table.square_sum(count, weight.value.data());
        loss = loss + (l1 + l2);  // a part that is not there is +0 and the other is not negative: the sum is the other
    }
    return loss;
}

// The whole loss: those of the outputs times their weights, left-folded, then the penalties (the law, section 4).
float Engine::run_to_loss(const TaskProgram& task, Frame& frame, const Batch& batch, Phase last, MetricSums& sums) {
    load_targets(task, frame, batch);
    task.executor.run(frame, Phase::forward, last);
    losses_.clear();
    float loss = 0;
    for (std::size_t i = 0; i < task.outputs.size(); ++i) {
        const OutputTask& out = task.outputs[i];
        const OutputRows rows = output_rows(output_shape(i));
        const std::int64_t count = frame.batch * rows.rows;
        losses_.push_back(frame.kernels->lane_sum(count, frame.data(out.losses)) / static_cast<float>(count));
        const float part = losses_.back() * goals_[i].loss_weight;
        loss = i == 0 ? part : loss + part;
        const bool labels = wants_labels(goals_[i].loss.name);
        if (out.output != no_buffer)
            sums.add_predictions(i, count, rows.classes, frame.data(out.output), labels ? nullptr : frame.data(out.target),
                                 labels ? frame.data<std::int32_t>(out.target) : nullptr);
    }
    loss = add_penalties(loss);
    sums.add_loss(loss, losses_, frame.batch);
    return loss;
}

void Engine::require_finite_step(const TaskProgram& task, const Frame& frame, float loss, std::int64_t step) const {
    require<NonFinite>(
        frame.kernels->first_non_finite(1, &loss) < 0,
        "[fit] the loss must stay finite; got {} in step {}; lower the learning rate, or check the scale of x and y",
        one_nan(loss), step);
    for (const auto& [weight, gradient] : task.gradients) {
        const Weight& w = graph_.weights()[static_cast<std::size_t>(weight)];
        const std::int64_t place = frame.kernels->first_non_finite(w.value.size(), frame.data(gradient));
        require<NonFinite>(
            place < 0, "[fit] gradients must stay finite; got {} in the gradient of {}, element {}, in step {}; {}",
            place < 0 ? 0.0F : one_nan(frame.data(gradient)[place]), w.name, place, step, "lower the learning rate");
    }
}

void Engine::require_finite_state(std::int64_t step) const {
    const kernels::Table& table = kernels::current();
    const auto check = [&](const std::string& name, const Tensor& value) {
        const std::int64_t place = table.first_non_finite(value.size(), value.data());
        require<NonFinite>(place < 0,
                           "[fit] weights must stay finite; got {} in {}, element {}, after step {}; lower the learning rate",
                           place < 0 ? 0.0F : one_nan(value.data()[place]), name, place, step);
    };
    const bool updates = optimizer_->wrote_finite();  // else the first place is looked for
    for (const Weight& weight : graph_.weights())
        if (!updates || !weight.trainable) check(weight.name, weight.value);
    if (updates) return;
    for (const Slot& slot : optimizer_->slots()) check(slot.name, slot.value);
}

void Engine::train_step(const Batch& batch, std::int64_t step, std::int64_t epoch, MetricSums& sums) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::train)];
    const TasksInPlace in_place(task.is_small(std::ssize(batch.rows)));
    Frame& frame = load(task, batch);
    frame.step = static_cast<std::uint32_t>(step);
    frame.epoch = static_cast<std::uint32_t>(epoch);
    frame.sample_index = batch.index.empty() ? nullptr : batch.index.data();
    const float loss = run_to_loss(task, frame, batch, Phase::backward, sums);
    require_finite_step(task, frame, loss, step);
    optimizer_->begin_step();
    task.executor.run(frame, Phase::update, Phase::update);
    optimizer_->commit();
    require_finite_state(step);
}

void Engine::test_step(const Batch& batch, MetricSums& sums) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::test)];
    const TasksInPlace in_place(task.is_small(std::ssize(batch.rows)));
    Frame& frame = load(task, batch);
    run_to_loss(task, frame, batch, Phase::loss, sums);
}

void Engine::predict_step(const Batch& batch, std::span<float* const> out) {
    const TaskProgram& task = *tasks_[static_cast<int>(Task::predict)];
    const TasksInPlace in_place(task.is_small(std::ssize(batch.rows)));
    const Frame& frame = load(task, batch);
    task.executor.run(frame, Phase::forward, Phase::forward);
    for (std::size_t i = 0; i < task.outputs.size(); ++i) {
        const float* result = frame.data(task.outputs[i].output);
        std::transform(result, result + frame.batch * element_count(output_shape(i)), out[i], one_nan);
    }
}

}  // namespace samebits
