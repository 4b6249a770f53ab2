#include "samebits/train/task_program.h"

#include <algorithm>
#include <map>

#include "samebits/base/check.h"
#include "samebits/base/memory.h"
#include "samebits/train/targets.h"

namespace samebits {
namespace {

// A task of the kernels has some 16,384 elements: a program of a few such buffers has hardly a step for two threads.
constexpr std::size_t small_bytes = 128 << 10;
// A single sample may have more: what two threads hand each other costs more than they gain where they share no cache. An MNIST
// CNN (1.4 MiB, 2.4 million multiply-adds) takes 34 us on one thread, and 33 to 90 on two; of four samples it is 107, and 87 to
// 210.
constexpr std::size_t small_sample_bytes = 2 << 20;
constexpr std::int64_t small_sample_products = 4 << 20;

struct LossInput {
    Value value;  // logits or predictions
    kernels::LossKind kind;
    bool fused;  // the probabilities come out of the loss kernel
};

// Cross-entropy after a softmax (binary: after a sigmoid) is taken from the logits (the law, section 4).
LossInput loss_input(const Builder& b, Value output, const LossSpec& loss) {
    using kernels::LossKind;
    if (loss.name == LossName::mean_squared_error) return {output, LossKind::mean_squared_error, false};
    if (loss.name == LossName::mean_absolute_error) return {output, LossKind::mean_absolute_error, false};
    if (loss.name == LossName::huber) return {output, LossKind::huber, false};
    const bool binary = loss.name == LossName::binary_crossentropy;
    const LossKind from_logits = binary ? LossKind::sigmoid_crossentropy : LossKind::softmax_crossentropy;
    if (loss.from_logits) return {output, from_logits, false};
    const Builder::Logits* logits = b.logits_of(output);
    if (logits != nullptr && logits->kind == from_logits) return {logits->value, from_logits, true};
    return {output, binary ? LossKind::binary_crossentropy : LossKind::crossentropy, false};
}

// y * keep + share stands for the targets y; share 0: y itself. Rounded from binary64 (the law, section 4).
struct Smoothing {
    float keep, share;
};

Smoothing smoothing_of(const LossSpec& loss, std::int64_t classes) {
    const double parts = loss.name == LossName::binary_crossentropy ? 2.0 : static_cast<double>(classes);
    return {static_cast<float>(1.0 - loss.label_smoothing), static_cast<float>(loss.label_smoothing / parts)};
}

// s of every row is loss_weight / D, or row_scale, staged with the batch.
// Its gradient is kept in `gradients`.
OutputTask emit_loss(Builder& b, Value output, const OutputGoal& goal, bool weighted,
                     std::vector<std::pair<Value, BufferId>>& gradients) {
    const OutputRows rows = output_rows(b.shape(output));
    const bool labels = wants_labels(goal.loss.name);
    const auto row_bytes = static_cast<std::size_t>(b.batch() * rows.rows) * sizeof(float);
    const std::size_t all_bytes = row_bytes * static_cast<std::size_t>(rows.classes);
    OutputTask task{no_buffer};
    task.target = b.buffer(Role::batch, labels ? row_bytes : all_bytes);
    task.weights = weighted ? b.buffer(Role::batch, 2 * row_bytes) : no_buffer;
    task.losses = b.buffer(Role::activation, row_bytes);
    const LossInput in = loss_input(b, output, goal.loss);
    const BufferId probability = in.fused && goal.metrics ? b.buffer(Role::activation, all_bytes) : no_buffer;
    const BufferId gradient = b.needs_gradient(in.value) ? b.buffer(Role::gradient, all_bytes) : no_buffer;
    task.output = !goal.metrics ? no_buffer : in.fused ? probability : b.buffer_of(output);
    const Smoothing smooth = smoothing_of(goal.loss, rows.classes);
    b.step("loss", {b.buffer_of(in.value), task.target, task.weights}, {task.losses, probability, gradient},
           [=, loss_weight = goal.loss_weight, delta = static_cast<float>(goal.loss.delta),
            from = b.buffer_of(in.value)](const Frame& f) {
               const std::int64_t count = f.batch * rows.rows;
               const float* weights = f.data(task.weights);
               f.kernels->loss({.kind = in.kind,
                                .rows = count,
                                .cols = rows.classes,
                                .output = f.data(from),
                                .target = labels ? nullptr : f.data(task.target),
                                .label = labels ? f.data<std::int32_t>(task.target) : nullptr,
                                .scale = loss_weight / static_cast<float>(count),
                                .loss = f.data(task.losses),
                                .probability = f.data(probability),
                                .gradient = f.data(gradient),
                                .row_weight = weights,
                                .row_scale = weights == nullptr ? nullptr : weights + count,
                                .smooth_keep = smooth.keep,
                                .smooth_share = smooth.share,
                                .delta = delta});
           });
    if (gradient != no_buffer) gradients.emplace_back(in.value, gradient);
    return task;
}

void emit_updates(Builder& b, const Graph::Forward& forward, const TaskModel& model, TaskProgram& task) {
    std::vector<Parameter> parameters;
    for (std::size_t i = 0; i < forward.weights.size(); ++i) {
        const Weight& weight = model.graph.weights()[i];
        const BufferId gradient = b.gradient(forward.weights[i]);
        if (!weight.trainable) continue;
        const std::string layer = weight.name.substr(0, weight.name.find('/'));
        b.enter(layer, Phase::update);
        const BufferId w = b.buffer_of(forward.weights[i]);
        std::vector<BufferId> slots;
        for (std::size_t k = 0; k < model.optimizer->slot_names().size(); ++k)
            slots.push_back(b.buffer(Role::slot, b.bytes_of(w)));
        if (gradient == no_buffer) continue;
        task.gradients.emplace_back(static_cast<int>(i), gradient);
        parameters.push_back({layer, w, gradient, b.own_gradient(forward.weights[i]), slots, weight.regularizer});
    }
    model.optimizer->emit_updates(b, std::move(parameters));
}

}  // namespace

TaskProgram build_task(const TaskModel& model, Task task, std::int64_t batch, bool weighted) {
    Builder b(task == Task::train ? Mode::training : Mode::inference, batch, kernels::current());
    const Graph::Forward forward = model.graph.forward(b);
    TaskProgram result{{{}, {}}, task, weighted, {}, {}, {}, 0, 0};
    std::vector<BufferId> results;
    std::vector<std::pair<Value, BufferId>> gradients;
    for (const int input : model.graph.input_nodes)
        result.inputs.push_back(b.buffer_of(forward.nodes[static_cast<std::size_t>(input)]));
    for (std::size_t i = 0; i < model.graph.output_nodes.size(); ++i) {
        const Value output = forward.nodes[static_cast<std::size_t>(model.graph.output_nodes[i])];
        b.enter("loss", Phase::loss);
        result.outputs.push_back(task == Task::predict ? OutputTask{b.buffer_of(output)}
                                                       : emit_loss(b, output, model.goals[i], weighted, gradients));
        const OutputTask& out = result.outputs.back();
        results.insert(results.end(), {out.output, out.losses, out.target});
    }
    if (task == Task::train) {
        // Losses on one value are uses of it: the last is added first (the law, section 2.4).
        for (auto use = gradients.rbegin(); use != gradients.rend(); ++use) b.add_gradient(use->first, use->second);
        b.backward();
        emit_updates(b, forward, model, result);
        b.updates();
    }
    Program program = b.finish(std::move(results));
    for (const Step& step : program.steps)
        for (const BufferId input : result.inputs)
            ensure(std::find(step.writes.begin(), step.writes.end(), input) == step.writes.end(), "a step writes an input");
    Plan plan = make_plan(program);
    for (const BufferSpec& buffer : program.buffers) result.external_bytes += buffer.external() ? buffer.bytes : 0;
    for (const Step& step : program.steps) result.products += step.products;
    result.executor = Executor(std::move(program), std::move(plan));
    return result;
}

bool TaskProgram::is_small(std::int64_t rows) const {
    const std::size_t a_sample = executor.plan().arena_bytes / static_cast<std::size_t>(executor.program().batch);
    const bool single = task == Task::predict && rows == 1 && products <= small_sample_products;
    return external_bytes + a_sample * static_cast<std::size_t>(rows) <= (single ? small_sample_bytes : small_bytes);
}

MemoryPlan describe(const Graph& graph, const Program& program, const Plan& plan) {
    MemoryPlan out;
    out.batch_size = program.batch;
    out.arena = plan.arena_bytes;
    out.isa = std::string(kernels::name_of(program.isa));
    std::map<std::string, std::size_t> row_of;
    for (const Node& node : graph.nodes()) {
        row_of[node.name] = out.rows.size();
        out.rows.push_back({.layer = node.name});
    }
    for (std::size_t id = 0; id < program.buffers.size(); ++id) {
        const BufferSpec& spec = program.buffers[id];
        if (!spec.external() && (!plan.placed(static_cast<BufferId>(id)) || plan.places[id].overwrites != no_buffer)) continue;
        const auto [at, fresh] = row_of.emplace(spec.owner, out.rows.size());
        if (fresh) out.rows.push_back({.layer = spec.owner});
        MemoryPlan::Row& row = out.rows[at->second];
        const std::size_t bytes = aligned_bytes(spec.bytes);
        switch (spec.role) {
            case Role::weight: row.weights += bytes; break;
            case Role::slot: row.slots += bytes; break;
            case Role::batch:
            case Role::activation: row.forward += bytes; break;
            case Role::gradient:
            case Role::weight_gradient: row.backward += bytes; break;
            case Role::workspace: row.workspace = std::max(row.workspace, bytes); break;
        }
    }
    for (const MemoryPlan::Row& row : out.rows) out.weights += row.weights;
    std::size_t fullest = 0;
    for (std::size_t s = 0; s < program.steps.size(); ++s) {
        std::size_t& phase = out.phases[static_cast<std::size_t>(program.steps[s].phase)];
        phase = std::max(phase, plan.live[s]);
        if (plan.live[s] <= fullest) continue;
        fullest = plan.live[s];
        out.peak_layer = program.steps[s].layer;
        out.peak_op = program.steps[s].op;
    }
    return out;
}

}  // namespace samebits
