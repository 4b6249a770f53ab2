#include "samebits/graph/initializer.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/base/stream.h"
#include "samebits/numerics/random.h"

namespace samebits {
namespace {

constexpr std::string_view known[] = {"zeros",      "ones",      "glorot_uniform", "glorot_normal",
                                      "he_uniform", "he_normal", "lecun_uniform",  "lecun_normal"};
constexpr std::string_view not_yet[] = {"constant",       "identity",         "orthogonal",      "random_normal",
                                        "random_uniform", "truncated_normal", "variance_scaling"};

struct Scaling {
    double scale;
    double fan;
};

Scaling scaling(Initializer initializer, std::int64_t fan_in, std::int64_t fan_out) {
    const auto in = static_cast<double>(fan_in);
    const auto out = static_cast<double>(fan_out);
    switch (initializer) {
        case Initializer::glorot_uniform:
        case Initializer::glorot_normal: return {1.0, (in + out) / 2.0};
        case Initializer::he_uniform:
        case Initializer::he_normal: return {2.0, in};
        default: return {1.0, in};
    }
}

bool is_normal(Initializer i) {
    return i == Initializer::glorot_normal || i == Initializer::he_normal || i == Initializer::lecun_normal;
}

}  // namespace

Initializer parse_initializer(std::string_view op, std::string_view name) {
    for (std::size_t i = 0; i < std::size(known); ++i)
        if (known[i] == name) return static_cast<Initializer>(i);
    require<NotImplemented>(std::find(std::begin(not_yet), std::end(not_yet), name) == std::end(not_yet),
                            "[{}] initializer \"{}\" is not implemented yet; got \"{}\"; use {}", op, name, name,
                            list_of(known));
    fail("[{}] unknown initializer; got \"{}\"; use {}{}", op, name, list_of(known), did_you_mean(name, known));
}

void initialize(Initializer initializer, std::uint64_t seed, std::string_view weight_name, std::int64_t fan_in,
                std::int64_t fan_out, std::span<float> values) {
    if (initializer == Initializer::zeros || initializer == Initializer::ones) {
        std::fill(values.begin(), values.end(), initializer == Initializer::ones ? 1.0F : 0.0F);
        return;
    }
    const std::uint32_t stream = stream_of("init", weight_name);
    const auto [scale, fan] = scaling(initializer, fan_in, fan_out);
    if (is_normal(initializer)) {
        const auto deviation = static_cast<float>(std::sqrt(scale / fan) / 0.87962566103423978);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = numerics::truncated_normal(seed, static_cast<std::uint32_t>(i), stream) * deviation;
        return;
    }
    const auto limit = static_cast<float>(std::sqrt(3.0 * scale / fan));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = numerics::uniform(numerics::random_bits(seed, i, 0, 0, stream), limit);
}

}  // namespace samebits
