// Writing the programs of a model: forward, then by task the loss, the gradients and the updates.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/train/loss_spec.h"
#include "samebits/train/memory_plan.h"
#include "samebits/train/optimizer.h"

namespace samebits {

enum class Task : std::uint8_t { train, test, predict };

// One task's program for batches up to a size, and where the outside finds its buffers.
struct TaskProgram {
    Executor executor;
    BufferId input;
    BufferId output;  // predictions (predict), what metrics look at (train, test; no_buffer without metrics)
    BufferId target;  // float targets or int32 labels
    BufferId losses;  // one a row
    std::vector<std::pair<int, BufferId>> gradients;  // by weight that has one; empty unless training
};

struct TaskModel {
    const Graph& graph;
    int output;
    std::optional<LossSpec> loss;
    bool metrics;
    const Optimizer* optimizer;
};

TaskProgram build_task(const TaskModel& model, Task task, std::int64_t batch);

// Bytes by layer and phase. Slots and data are the caller's to add.
MemoryPlan describe(const Graph& graph, const Program& program, const Plan& plan);

}  // namespace samebits
