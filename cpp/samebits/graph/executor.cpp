#include "samebits/graph/executor.h"

#include "samebits/base/check.h"

namespace samebits {

Frame Executor::bind(std::byte* arena, std::span<std::byte* const> external, std::uint64_t seed, Frame used) const {
    used.memory.assign(program_.buffers.size(), nullptr);
    Frame frame{&kernels::table(program_.isa), program_.batch, seed, 0, std::move(used.memory)};
    std::size_t next = 0;
    for (std::size_t id = 0; id < program_.buffers.size(); ++id) {
        if (program_.buffers[id].external()) {
            ensure(next < external.size(), "a program has more weights and slots than were bound");
            frame.memory[id] = external[next++];
        } else if (plan_.placed(static_cast<BufferId>(id))) {
            frame.memory[id] = arena + plan_.places[id].offset;
        }
    }
    ensure(next == external.size(), "a program has fewer weights and slots than were bound");
    return frame;
}

void Executor::run(const Frame& frame, Phase first, Phase last) const {
    for (const Step& step : program_.steps)
        if (step.phase >= first && step.phase <= last) step.run(frame);
}

}  // namespace samebits
