#include "samebits/data/order.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/stream.h"
#include "samebits/base/thread_pool.h"
#include "samebits/numerics/random.h"
#include "samebits/numerics/sabotage.h"

namespace samebits {

std::vector<std::int64_t> epoch_order(std::int64_t count, std::uint64_t seed, std::uint32_t epoch, bool shuffle) {
    require(count >= 0 && count < std::int64_t{1} << 32,
            "[data] the number of samples must be from 0 to 2^32 - 1; got {}; split the data set", count);
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    if (!shuffle) return order;
    const std::uint32_t stream = stream_of("shuffle", "train");
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed(order.size());
    for (std::uint32_t index = 0; index < keyed.size(); ++index) {
        std::uint64_t key = seed;
        if (sabotaged(Sabotage::shuffle_by_worker)) key += index % static_cast<std::uint32_t>(thread_count());
        keyed[index] = {numerics::shuffle_key(key, stream, index, epoch), index};
    }
    std::sort(keyed.begin(), keyed.end());
    std::transform(keyed.begin(), keyed.end(), order.begin(), [](const auto& pair) { return std::int64_t{pair.second}; });
    return order;
}

std::int64_t validation_start(std::int64_t n, double split) {
    const FpGuard guard;
    require(split >= 0 && split < 1, "[fit] validation_split must be at least 0 and below 1; got {}; do 0.1 for a tenth",
            split);
    return static_cast<std::int64_t>(std::floor(static_cast<double>(n) * (1.0 - split)));
}

}  // namespace samebits
