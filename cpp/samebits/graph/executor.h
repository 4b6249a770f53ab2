// Walks a program over an arena. It decides nothing: order, places and arithmetic are the program's and the plan's.
#pragma once

#include <cstdint>
#include <span>

#include "samebits/base/memory.h"
#include "samebits/graph/plan.h"
#include "samebits/graph/program.h"

namespace samebits {

class Executor {
public:
    Executor(Program program, Plan plan) : program_(std::move(program)), plan_(std::move(plan)) {}

    [[nodiscard]] const Program& program() const { return program_; }
    [[nodiscard]] const Plan& plan() const { return plan_; }

    // A frame that points at the arena (at least plan().arena_bytes) and the external buffers, in the order of their ids.
    // used: one that is not needed any more, whose memory serves again.
    [[nodiscard]] Frame bind(std::byte* arena, std::span<std::byte* const> external, std::uint64_t seed, Frame used = {}) const;
    // Runs the steps of phases first .. last. The caller holds an FpGuard.
    void run(const Frame& frame, Phase first, Phase last) const;

private:
    Program program_;
    Plan plan_;
};

}  // namespace samebits
