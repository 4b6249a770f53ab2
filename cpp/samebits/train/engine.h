// A compiled model at work on one batch after another: programs for training, testing and predicting over one arena.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/memory.h"
#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/train/loss_spec.h"
#include "samebits/train/memory_plan.h"
#include "samebits/train/metric.h"
#include "samebits/train/optimizer.h"
#include "samebits/train/targets.h"
#include "samebits/train/task_program.h"

namespace samebits {

// What compile() is told of one output.
struct OutputSpec {
    LossSpec loss;
    double loss_weight = 1;
    std::vector<MetricSpec> metrics{};
};

// Samples of a call's arrays that make one batch.
struct Batch {
    const Samples& samples;
    std::span<const std::int64_t> rows;
    std::span<const std::int64_t> index{};  // of each row in the data set or the stream's pass (none: its place in the batch)
};

class Engine {
public:
    // The graph must outlive it. Without an optimizer it can predict, without a loss only that.
    Engine(Graph& graph, std::uint64_t seed) : graph_(graph), seed_(seed) {}

    // One spec an output.
    void compile(std::unique_ptr<Optimizer> optimizer, const std::vector<OutputSpec>& outputs);
    [[nodiscard]] bool compiled() const { return optimizer_ != nullptr; }
    [[nodiscard]] Optimizer& optimizer() { return *optimizer_; }
    [[nodiscard]] const Optimizer& optimizer() const { return *optimizer_; }
    [[nodiscard]] const std::vector<OutputMetrics>& metrics() const { return metrics_; }
    [[nodiscard]] const Shape& input_shape(std::size_t i) const { return graph_.node(graph_.input_nodes[i]).output_shape; }
    [[nodiscard]] const Shape& output_shape(std::size_t i) const { return graph_.node(graph_.output_nodes[i]).output_shape; }
    // Throws InvalidArgument when a loss and its layer cannot meet, or the model cannot take these samples.
    void check_losses_fit(std::string_view op) const;
    void check_inputs(std::string_view op, const Samples& samples) const;
    void check_targets(std::string_view op, const Samples& samples) const;

    // Exact bytes of a run, before it.
    [[nodiscard]] MemoryPlan memory_plan(std::int64_t train_batch, std::int64_t test_batch, bool weighted = false) const;
    // Of what prepare(..., exact) has made, a training among it.
    [[nodiscard]] MemoryPlan prepared_plan() const;
    struct Batches {
        std::int64_t train = 0, test = 0, predict = 0;       // 0: that task does not run
        std::size_t result = 0;                              // bytes the caller takes beside, for what predict returns
        bool train_weighted = false, test_weighted = false;  // samples have weights
    };
    // Programs, slots and arena for these batch sizes. exact: the arena gets the size that memory_plan() says, else it is
    // kept when large enough. Throws InvalidArgument, with the table and what would fit, when the memory limit is too low;
    // then nothing has changed.
    void prepare(const Batches& batches, bool exact);

    // step, epoch: the model's, for dropout and augmentation. Adds to `sums`.
    void train_step(const Batch& batch, std::int64_t step, std::int64_t epoch, MetricSums& sums);
    void test_step(const Batch& batch, MetricSums& sums);
    // out: for each output, rows x elements of one.
    void predict_step(const Batch& batch, std::span<float* const> out);

private:
    [[nodiscard]] TaskProgram build(Task task, std::int64_t batch, bool weighted) const;
    [[nodiscard]] std::size_t slot_bytes() const;
    // Bytes of the arena when no task's batch is larger than `most`.
    [[nodiscard]] std::size_t arena_for(const Batches& batches, std::int64_t most) const;
    void require_memory(const Batches& batches, std::size_t arena, std::size_t slots) const;
    // frame_ with the batch's inputs in place.
    Frame& load(const TaskProgram& task, const Batch& batch);
    void load_targets(const TaskProgram& task, const Frame& frame, const Batch& batch) const;
    // `loss` with the penalties of the weights' regularizers added.
    [[nodiscard]] float add_penalties(float loss) const;
    float run_to_loss(const TaskProgram& task, Frame& frame, const Batch& batch, Phase last, MetricSums& sums);
    void require_finite_step(const TaskProgram& task, const Frame& frame, float loss, std::int64_t step) const;
    void require_finite_state(std::int64_t step) const;

    Graph& graph_;
    std::uint64_t seed_;
    std::unique_ptr<Optimizer> optimizer_;
    std::vector<OutputGoal> goals_;       // one an output
    std::vector<OutputMetrics> metrics_;  // one an output
    std::optional<TaskProgram> tasks_[3];
    Buffer arena_;
    Frame frame_;  // of the step that runs; like the two below, kept for its memory
    std::vector<std::byte*> external_;
    std::vector<float> losses_;  // one an output
};

}  // namespace samebits
