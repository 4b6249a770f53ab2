// The exact memory of a run before it runs: bytes by layer and phase, and the peak.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "samebits/base/api.h"

namespace samebits {

struct MemoryPlan {
    struct Row {
        std::string layer;
        std::size_t weights = 0;    // parameters
        std::size_t slots = 0;      // optimizer state
        std::size_t forward = 0;    // activations, batch
        std::size_t backward = 0;   // gradients of activations and weights
        std::size_t workspace = 0;  // largest of its kernels' scratch
    };
    std::int64_t batch_size = 0;
    std::vector<Row> rows;                // before places are shared
    std::array<std::size_t, 4> phases{};  // most bytes alive in the arena: forward, loss, backward, update
    std::size_t weights = 0;              // totals, each buffer rounded up to 64 bytes
    std::size_t slots = 0;
    std::size_t arena = 0;   // everything else, places shared by liveness
    std::size_t data = 0;    // data sets the run has read (recipes); 0 when the caller holds them
    std::string peak_layer;  // where the arena is fullest
    std::string peak_op;
    std::string isa;  // workspaces are sized for it

    [[nodiscard]] std::size_t peak() const { return weights + slots + arena + data; }
};

// A table for people.
SAMEBITS_API std::string to_string(const MemoryPlan& plan);

}  // namespace samebits
