// The scalar functions, random numbers and orders behind plain C functions, for tests/python/test_law*.py (ctypes). `isa` is
// there for the tests' one way of calling; these have no table.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <exception>

#include "samebits/base/fp_env.h"
#include "samebits/base/hash.h"
#include "samebits/base/stream.h"
#include "samebits/data/order.h"
#include "samebits/graph/initializer.h"
#include "samebits/graph/layers/augmentation.h"
#include "samebits/numerics/functions.h"
#include "samebits/numerics/random.h"

namespace {

using namespace samebits;

template <class Body>
int guarded(Body body) {
    try {
        const FpGuard guard;
        body();
        return 0;
    } catch (const std::exception&) {
        return 2;
    }
}

using Function = float (*)(float);
const Function functions[] = {numerics::exp,     numerics::expm1, numerics::log,   numerics::log1p, numerics::tanh,
                              numerics::sigmoid, numerics::sinpi, numerics::cospi, numerics::erf};

}  // namespace

#define LAW_ABI extern "C" __attribute__((visibility("default"))) int

// which: place in `functions`.
LAW_ABI law_function(int, int which, std::int64_t count, const float* x, float* y) {
    return guarded([&] { std::transform(x, x + count, y, functions[which]); });
}

// counter: c0 .. c3; block: the four words.
LAW_ABI law_philox(int, std::uint64_t seed, const std::uint32_t* counter, std::uint32_t* block) {
    return guarded([&] {
        const numerics::Block b = numerics::philox(seed, counter[0], counter[1], counter[2], counter[3]);
        static_assert(sizeof b == 16);
        std::memcpy(block, &b, sizeof b);
    });
}

LAW_ABI law_stream(int, const char* purpose, const char* name, std::uint32_t* stream) {
    return guarded([&] { *stream = stream_of(purpose, name); });
}

LAW_ABI law_sha256(int, std::int64_t bytes, const std::uint8_t* data, std::uint8_t* hash) {
    return guarded([&] {
        Sha256 sha;
        sha.update(data, static_cast<std::size_t>(bytes));
        std::ranges::copy(sha.finish(), hash);
    });
}

LAW_ABI law_epoch_order(int, std::int64_t count, std::uint64_t seed, std::uint32_t epoch, std::int64_t* order) {
    return guarded([&] { std::ranges::copy(epoch_order(count, seed, epoch, true), order); });
}

LAW_ABI law_validation_start(int, std::int64_t count, double split, std::int64_t* start) {
    return guarded([&] { *start = validation_start(count, split); });
}

// What augmentation draws for sample `index`. counts: tops, lefts, height, width; factors: lower and upper of the height's, the
// width's; whole: whether rows, columns are mirrored, top, left of the crop, row, column of the shift; parts: of the shift.
LAW_ABI law_augmentation(int, std::uint64_t seed, std::uint32_t stream, std::uint32_t epoch, std::int64_t index,
                         const std::int64_t* counts, const double* factors, int bilinear, std::int64_t* whole, float* parts) {
    return guarded([&] {
        Frame frame{};
        frame.seed = seed;
        frame.epoch = epoch;
        frame.sample_index = &index;
        const numerics::Block block = layers::augmentation_block(frame, stream, 0);
        const kernels::Placement flip = layers::random_flip(block, true, true);
        const kernels::Placement crop = layers::random_crop(block, counts[0], counts[1]);
        const kernels::Shift shift = layers::random_shift(
            block, {{factors[0], factors[1]}, {factors[2], factors[3]}, counts[2], counts[3], bilinear != 0});
        const std::int64_t all[] = {flip.flip_rows, flip.flip_cols, crop.top, crop.left, shift.row, shift.col};
        std::ranges::copy(all, whole);
        parts[0] = shift.row_part;
        parts[1] = shift.col_part;
    });
}

// initializer: Keras's name; name: the weight's full name.
LAW_ABI law_initialize(int, const char* initializer, const char* name, std::uint64_t seed, std::int64_t fan_in,
                       std::int64_t fan_out, std::int64_t count, float* values) {
    return guarded([&] {
        initialize(Initializer(initializer), seed, name, fan_in, fan_out, {values, static_cast<std::size_t>(count)});
    });
}
