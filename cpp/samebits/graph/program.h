// A model's step as a list of kernel calls over numbered buffers. Layers write it through a Builder, plan.h gives the
// buffers their places, executor.h walks it. Written once for the largest batch, walked with any batch up to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "samebits/kernels/registry.h"

namespace samebits {

using BufferId = int;
inline constexpr BufferId no_buffer = -1;

enum class Phase : std::uint8_t { forward, loss, backward, update };
enum class Role : std::uint8_t { batch, weight, slot, activation, gradient, weight_gradient, workspace };

const char* name_of(Phase phase);
const char* name_of(Role role);

struct BufferSpec {
    std::string owner;  // the layer it belongs to
    Role role;
    std::size_t bytes;  // at the full batch

    // Weights and optimizer slots live outside the arena, from step to step.
    [[nodiscard]] bool external() const { return role == Role::weight || role == Role::slot; }
};

// What a step sees while it runs.
struct Frame {
    const kernels::Table* kernels = nullptr;
    std::int64_t batch = 0;  // samples of this batch, up to the program's
    std::uint64_t seed = 0;
    std::uint32_t step = 0;          // the model's step: what dropout is drawn by
    std::vector<std::byte*> memory;  // by BufferId
    // What augmentation draws by: the model's epoch, and each sample's index in the data set (null: its place in the batch).
    std::uint32_t epoch = 0;
    const std::int64_t* sample_index = nullptr;

    template <class T = float>
    [[nodiscard]] T* data(BufferId id) const {
        return id == no_buffer ? nullptr : reinterpret_cast<T*>(memory[static_cast<std::size_t>(id)]);
    }
};

struct Step {
    std::string layer;
    std::string op;
    Phase phase;
    std::vector<BufferId> reads;
    std::vector<BufferId> writes;  // written whole before anything reads them; a buffer in both lists is changed in place
    std::function<void(const Frame&)> run;
    // Its only result may lie where one of its operands of that size lies, if nothing reads the operand afterwards.
    bool may_overwrite = false;
    std::int64_t products = 0;  // multiply-adds of a sample, where it is a product or a convolution
};

struct Program {
    std::int64_t batch = 0;
    kernels::Isa isa{};  // workspaces are sized for this instruction set
    std::vector<BufferSpec> buffers;
    std::vector<Step> steps;
    std::vector<BufferId> results;  // read after the last step
};

// Removes the steps whose results nobody reads.
void remove_dead_steps(Program& program);

}  // namespace samebits
