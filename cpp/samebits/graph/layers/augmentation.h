// What augmentation draws for a sample: by the seed, the layer's name, the epoch and the sample's index in the data set (the
// law, section 7), so it depends neither on the batch nor on the order of samples.
#pragma once

#include <array>
#include <cstdint>

#include "samebits/graph/program.h"
#include "samebits/numerics/random.h"

namespace samebits::layers {

// The four words of sample `i` of the frame's batch.
numerics::Block augmentation_block(const Frame& frame, std::uint32_t stream, std::int64_t i);

// Word 0 mirrors the columns, word 1 the rows, where asked: iff it is 2^31 or more.
kernels::Placement random_flip(const numerics::Block& block, bool rows, bool columns);
// Word 0 chooses the top among `tops` places, word 1 the left among `lefts`: floor(word * places / 2^32).
kernels::Placement random_crop(const numerics::Block& block, std::int64_t tops, std::int64_t lefts);
// Word 0 draws the height's factor from [lower, upper), word 1 the width's: fma(u, float(upper - lower), float(lower)). The
// image moves down and right by factor * float(size) pixels: output p reads at p + t, t = -(that); row = floor(t), row_part = t
// - row. Not bilinear: row = floor(t + 0.5), parts 0.
struct Translation {
    std::array<double, 2> height_factor, width_factor;  // (lower, upper)
    std::int64_t height, width;
    bool bilinear;
};
kernels::Shift random_shift(const numerics::Block& block, const Translation& translation);

}  // namespace samebits::layers
