// Writing the programs of a model: forward, then by task the loss, the gradients and the updates.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/train/loss_spec.h"
#include "samebits/train/memory_plan.h"
#include "samebits/train/optimizer.h"

namespace samebits {

enum class Task : std::uint8_t { train, test, predict };

// Where the outside finds the buffers of one output of the model.
struct OutputTask {
    BufferId output;               // predictions (predict), what metrics look at (train, test; no_buffer without metrics)
    BufferId target = no_buffer;   // float targets or int32 labels
    BufferId weights = no_buffer;  // row_weight and, after it, row_scale; weighted tasks only
    BufferId losses = no_buffer;   // one a row
};

// One task's program for batches up to a size.
struct TaskProgram {
    Executor executor;
    Task task;
    bool weighted;
    std::vector<BufferId> inputs;
    std::vector<OutputTask> outputs;
    std::vector<std::pair<int, BufferId>> gradients;  // by weight that has one; empty unless training
    std::size_t external_bytes;                       // weights and slots
    std::int64_t products;                            // multiply-adds of a sample, forward

    // Whether a batch of so many samples is too little work for more than one thread.
    [[nodiscard]] bool is_small(std::int64_t rows) const;
};

// What is wanted of an output.
struct OutputGoal {
    LossSpec loss;
    float loss_weight;
    bool metrics;
};

struct TaskModel {
    const Graph& graph;
    std::span<const OutputGoal> goals;  // one an output; empty: it can only predict
    const Optimizer* optimizer;
};

// weighted: every sample has a weight.
TaskProgram build_task(const TaskModel& model, Task task, std::int64_t batch, bool weighted);

// Bytes by layer and phase. Slots and data are the caller's to add.
MemoryPlan describe(const Graph& graph, const Program& program, const Plan& plan);

}  // namespace samebits
