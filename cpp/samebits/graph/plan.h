// Where every buffer of a program lies, known before anything runs: liveness, then greedy by size (largest first, lowest
// free offset), as in Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference" (2020).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "samebits/graph/program.h"

namespace samebits {

struct Placement {
    std::size_t offset = 0;
    std::size_t bytes = 0;            // rounded up to 64
    int first = 0, last = -1;         // the steps between which it holds something; last < first: never used, no place
    BufferId overwrites = no_buffer;  // it lies where this one lay, and begins in the step where that one ends
};

struct Plan {
    std::vector<Placement> places;  // by BufferId; external buffers have none
    std::size_t arena_bytes = 0;    // the arena's size; at least the largest entry of `live`
    std::vector<std::size_t> live;  // bytes that hold something, by step
    [[nodiscard]] bool placed(BufferId id) const {
        const Placement& p = places[static_cast<std::size_t>(id)];
        return p.last >= p.first;
    }
};

Plan make_plan(const Program& program);

// Throws InternalError when two buffers overlap in time and place (but for one that overwrites the other), or one lies outside
// the arena.
void verify(const Program& program, const Plan& plan);

}  // namespace samebits
