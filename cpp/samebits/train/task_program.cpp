#include "samebits/train/task_program.h"

#include <algorithm>
#include <map>

#include "samebits/base/check.h"
#include "samebits/base/memory.h"
#include "samebits/train/targets.h"

namespace samebits {
namespace {

struct LossInput {
    Value value;  // logits or predictions
    kernels::LossKind kind;
    bool fused;  // the probabilities come out of the loss kernel
};

// Cross-entropy after a softmax (binary: after a sigmoid) is taken from the logits (the law, section 4).
LossInput loss_input(const Builder& b, Value output, const LossSpec& loss) {
    using kernels::LossKind;
    if (loss.name == LossName::mean_squared_error) return {output, LossKind::mean_squared_error, false};
    const bool binary = loss.name == LossName::binary_crossentropy;
    const LossKind from_logits = binary ? LossKind::sigmoid_crossentropy : LossKind::softmax_crossentropy;
    if (loss.from_logits) return {output, from_logits, false};
    const Builder::Logits* logits = b.logits_of(output);
    if (logits != nullptr && logits->kind == from_logits) return {logits->value, from_logits, true};
    return {output, binary ? LossKind::binary_crossentropy : LossKind::crossentropy, false};
}

void emit_loss(Builder& b, Value output, const TaskModel& model, TaskProgram& task) {
    b.enter("loss", Phase::loss);
    const OutputRows rows = output_rows(b.shape(output));
    const bool labels = wants_labels(model.loss->name);
    const auto row_bytes = static_cast<std::size_t>(b.batch() * rows.rows) * sizeof(float);
    const std::size_t all_bytes = row_bytes * static_cast<std::size_t>(rows.classes);
    task.target = b.buffer(Role::batch, labels ? row_bytes : all_bytes);
    task.losses = b.buffer(Role::activation, row_bytes);
    const LossInput in = loss_input(b, output, *model.loss);
    const BufferId probability = in.fused && model.metrics ? b.buffer(Role::activation, all_bytes) : no_buffer;
    const BufferId gradient = b.needs_gradient(in.value) ? b.buffer(Role::gradient, all_bytes) : no_buffer;
    task.output = !model.metrics ? no_buffer : in.fused ? probability : b.buffer_of(output);
    b.step("loss", {b.buffer_of(in.value), task.target}, {task.losses, probability, gradient},
           [=, from = b.buffer_of(in.value), target = task.target, losses = task.losses](const Frame& f) {
               const std::int64_t count = f.batch * rows.rows;
               f.kernels->loss({.kind = in.kind,
                                .rows = count,
                                .cols = rows.classes,
                                .output = f.data(from),
                                .target = labels ? nullptr : f.data(target),
                                .label = labels ? f.data<std::int32_t>(target) : nullptr,
                                .scale = 1.0F / static_cast<float>(count),
                                .loss = f.data(losses),
                                .probability = f.data(probability),
                                .gradient = f.data(gradient)});
           });
    if (gradient != no_buffer) b.add_gradient(in.value, gradient);
}

void emit_updates(Builder& b, const Graph::Forward& forward, const TaskModel& model, TaskProgram& task) {
    std::size_t slot = 0;
    for (std::size_t i = 0; i < forward.weights.size(); ++i) {
        const Weight& weight = model.graph.weights()[i];
        const BufferId gradient = b.gradient(forward.weights[i]);
        if (!weight.trainable) continue;
        b.enter(weight.name.substr(0, weight.name.find('/')), Phase::update);
        const BufferId w = b.buffer_of(forward.weights[i]);
        std::vector<BufferId> slots;
        for (int k = 0; k < model.optimizer->slots_per_weight(); ++k, ++slot)
            slots.push_back(b.buffer(Role::slot, b.bytes_of(w)));
        if (gradient == no_buffer) continue;
        task.gradients.emplace_back(static_cast<int>(i), gradient);
        model.optimizer->emit_update(b, w, gradient, slots);
    }
}

}  // namespace

TaskProgram build_task(const TaskModel& model, Task task, std::int64_t batch) {
    Builder b(task == Task::train ? Mode::training : Mode::inference, batch, kernels::current());
    const Graph::Forward forward = model.graph.forward(b);
    const Value output = forward.nodes[static_cast<std::size_t>(model.output)];
    TaskProgram result{{{}, {}}, b.buffer_of(forward.nodes[0]), b.buffer_of(output), no_buffer, no_buffer, {}};
    std::vector<BufferId> results;
    if (task != Task::predict) emit_loss(b, output, model, result);
    if (task == Task::train) {
        b.backward();
        emit_updates(b, forward, model, result);
    }
    results.insert(results.end(), {result.output, result.losses, result.target});
    Program program = b.finish(std::move(results));
    Plan plan = make_plan(program);
    result.executor = Executor(std::move(program), std::move(plan));
    return result;
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
        if (!spec.external() && !plan.placed(static_cast<BufferId>(id))) continue;
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
