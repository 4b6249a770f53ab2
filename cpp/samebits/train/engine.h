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

class Engine {
public:
    // The graph and the optimizer must outlive it. Without an optimizer it can predict, without a loss only that.
    Engine(Graph& graph, int output, std::uint64_t seed) : graph_(graph), output_(output), seed_(seed) {}

    void compile(std::unique_ptr<Optimizer> optimizer, const LossSpec& loss, const std::vector<std::string>& metrics);
    [[nodiscard]] bool compiled() const { return optimizer_ != nullptr; }
    [[nodiscard]] Optimizer& optimizer() { return *optimizer_; }
    [[nodiscard]] const Optimizer& optimizer() const { return *optimizer_; }
    [[nodiscard]] const LossSpec& loss() const { return *loss_; }
    [[nodiscard]] const std::vector<std::string>& metric_names() const { return metric_names_; }
    [[nodiscard]] const std::vector<MetricSpec>& metrics() const { return metrics_; }
    // Throws InvalidArgument when the loss and the last layer cannot meet.
    void check_loss_fits(std::string_view op) const;

    // Exact bytes of a run, before it.
    [[nodiscard]] MemoryPlan memory_plan(std::int64_t train_batch, std::int64_t test_batch) const;
    struct Batches {
        std::int64_t train = 0, test = 0, predict = 0;  // 0: that task does not run
        std::size_t result = 0;                         // bytes the caller takes beside, for what predict returns
    };
    // Programs, slots and arena for these batch sizes. exact: the arena gets the size that memory_plan() says, else it is
    // kept when large enough. Throws InvalidArgument, with the table and what would fit, when the memory limit is too low;
    // then nothing has changed.
    void prepare(const Batches& batches, bool exact);

    // The samples `rows` of x and y. step: the model's, for dropout. Adds to `sums`.
    void train_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, std::int64_t step,
                    MetricSums& sums);
    void test_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, MetricSums& sums);
    // out: rows x elements of one output.
    void predict_step(const Source& x, std::span<const std::int64_t> rows, float* out);

private:
    [[nodiscard]] TaskProgram build(Task task, std::int64_t batch) const;
    [[nodiscard]] Frame bind(const TaskProgram& task) const;
    [[nodiscard]] std::size_t slot_bytes() const;
    // Bytes of the arena when no task's batch is larger than `most`.
    [[nodiscard]] std::size_t arena_for(const Batches& batches, std::int64_t most) const;
    void require_memory(const Batches& batches, std::size_t arena, std::size_t slots) const;
    [[nodiscard]] Frame load(const TaskProgram& task, const Source& x, std::span<const std::int64_t> rows) const;
    float run_to_loss(const TaskProgram& task, Frame& frame, const ArrayView& y, std::span<const std::int64_t> rows, Phase last,
                      MetricSums& sums);
    void require_finite_step(const TaskProgram& task, const Frame& frame, float loss, std::int64_t step) const;
    void require_finite_state(std::int64_t step) const;

    Graph& graph_;
    int output_;
    std::uint64_t seed_;
    std::unique_ptr<Optimizer> optimizer_;
    std::optional<LossSpec> loss_;
    std::vector<std::string> metric_names_;
    std::vector<MetricSpec> metrics_;
    std::optional<TaskProgram> tasks_[3];
    Buffer arena_;
};

}  // namespace samebits
