// Batches that come from elsewhere, one at a time: a generator, another library's data set.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/view.h"

namespace samebits {

using Arrays = std::vector<ArrayView>;

class SAMEBITS_API BatchStream {
public:
    // One array an input, one an output (none to predict), one number a sample or nothing.
    struct Batch {
        Arrays x, y;
        std::optional<ArrayView> sample_weight{};
    };

    virtual ~BatchStream() = default;
    // Starts the pass of that number. Training: the model's epoch; where an epoch is so many steps, the epoch in which fit()
    // began, and one more for every further pass. Else 0. A training ends where a pass after the first has no batch.
    virtual void begin(std::int64_t pass) = 0;
    // The next batch, valid until the next call; nothing at the end of the pass.
    virtual std::optional<Batch> next() = 0;
    // Batches of a pass, -1 when unknown.
    [[nodiscard]] virtual std::int64_t batches() const { return -1; }
};

}  // namespace samebits
