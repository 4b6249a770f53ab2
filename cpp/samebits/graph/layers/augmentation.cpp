#include "samebits/graph/layers/augmentation.h"

#include <cmath>

#include "samebits/numerics/fma.h"

namespace samebits::layers {
namespace {

struct Place {
    std::int64_t whole;
    float part;
};

Place place_of(std::uint32_t word, const std::array<double, 2>& factor, std::int64_t size, bool bilinear) {
    const float drawn =
        numerics::fma(numerics::unit(word), static_cast<float>(factor[1] - factor[0]), static_cast<float>(factor[0]));
    const float t = -(drawn * static_cast<float>(size));
    const float whole = std::floor(bilinear ? t : t + 0.5F);
    return {static_cast<std::int64_t>(whole), bilinear ? t - whole : 0.0F};
}

std::int64_t choose(std::uint32_t word, std::int64_t places) {  // places < 2^31: the product fits
    return static_cast<std::int64_t>(std::uint64_t{word} * static_cast<std::uint64_t>(places) >> 32);
}

}  // namespace

numerics::Block augmentation_block(const Frame& frame, std::uint32_t stream, std::int64_t i) {
    const std::int64_t index = frame.sample_index == nullptr ? i : frame.sample_index[i];
    return numerics::philox(frame.seed, 0, static_cast<std::uint32_t>(index), frame.epoch, stream);
}

kernels::Placement random_flip(const numerics::Block& block, bool rows, bool columns) {
    return {0, 0, rows && block.word[1] >> 31 != 0, columns && block.word[0] >> 31 != 0};
}

kernels::Placement random_crop(const numerics::Block& block, std::int64_t tops, std::int64_t lefts) {
    return {choose(block.word[0], tops), choose(block.word[1], lefts), false, false};
}

kernels::Shift random_shift(const numerics::Block& block, const Translation& t) {
    const Place row = place_of(block.word[0], t.height_factor, t.height, t.bilinear);
    const Place col = place_of(block.word[1], t.width_factor, t.width, t.bilinear);
    return {row.whole, col.whole, row.part, col.part};
}

}  // namespace samebits::layers
