#include "samebits/graph/initializer.h"

#include <cmath>
#include <iterator>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/base/stream.h"
#include "samebits/numerics/fma.h"
#include "samebits/numerics/random.h"

namespace samebits {
namespace {

using Kind = Initializer::Kind;

constexpr std::string_view known[] = {"zeros",      "ones",           "glorot_uniform", "glorot_normal",
                                      "he_uniform", "he_normal",      "lecun_uniform",  "lecun_normal",
                                      "constant",   "random_uniform", "random_normal",  "truncated_normal"};
constexpr std::pair<std::string_view, Kind> short_names[] = {
    {"zero", Kind::zeros}, {"one", Kind::ones}, {"uniform", Kind::random_uniform}, {"normal", Kind::random_normal}};
constexpr std::string_view not_yet[] = {"identity", "identity_initializer", "orthogonal",      "orthogonal_initializer",
                                        "stft",     "stft_initializer",     "variance_scaling"};

struct Scaling {
    double scale;
    double fan;
};

Scaling scaling(Kind kind, std::int64_t fan_in, std::int64_t fan_out) {
    const auto in = static_cast<double>(fan_in);
    const auto out = static_cast<double>(fan_out);
    switch (kind) {
        case Kind::glorot_uniform:
        case Kind::glorot_normal: return {1.0, (in + out) / 2.0};
        case Kind::he_uniform:
        case Kind::he_normal: return {2.0, in};
        default: return {1.0, in};
    }
}

}  // namespace

Initializer::Initializer(Kind kind) : kind_(kind) {
    if (kind == Kind::random_uniform) *this = initializers::RandomUniform{};
    if (kind == Kind::random_normal) *this = initializers::RandomNormal{};
    if (kind == Kind::truncated_normal) *this = initializers::TruncatedNormal{};
}
Initializer::Initializer(const initializers::Constant& c) : kind_(Kind::constant), first_(c.value) {}
Initializer::Initializer(const initializers::RandomUniform& u)
    : kind_(Kind::random_uniform), first_(u.minval), second_(u.maxval) {}
Initializer::Initializer(const initializers::RandomNormal& n) : kind_(Kind::random_normal), first_(n.mean), second_(n.stddev) {}
Initializer::Initializer(const initializers::TruncatedNormal& n)
    : kind_(Kind::truncated_normal), first_(n.mean), second_(n.stddev) {}
Initializer::Initializer(const std::string& name) : Initializer(parse("initializer", name)) {}

Initializer Initializer::parse(std::string_view op, std::string_view name) {
    const std::string key = snake_case(name);
    for (std::size_t i = 0; i < std::size(known); ++i)
        if (known[i] == key) return static_cast<Kind>(i);
    for (const auto& [other, kind] : short_names)
        if (other == name) return kind;
    require<NotImplemented>(!is_one_of(name, not_yet), "[{}] initializer \"{}\" is not implemented yet; got \"{}\"; use {}", op,
                            name, name, list_of(known));
    fail("[{}] unknown initializer; got \"{}\"; use {}{}", op, name, list_of(known), did_you_mean(key, known));
}

void Initializer::validate(std::string_view op) const {
    const auto fits = [](double value) { return std::isfinite(static_cast<float>(value)); };
    require(fits(first_) && fits(second_),
            "[{}] arguments of {} must be finite in float32; got {} and {}; give smaller numbers", op, name_of(kind_), first_,
            second_);
    if (kind_ == Kind::random_uniform)
        require(first_ <= second_, "[{}] minval must not be above maxval; got minval={}, maxval={}; exchange them", op, first_,
                second_);
    if (kind_ == Kind::random_normal || kind_ == Kind::truncated_normal)
        require(second_ >= 0, "[{}] stddev must not be negative; got stddev={}; give a number from 0 on", op, second_);
}

std::string_view name_of(Kind kind) { return known[static_cast<int>(kind)]; }

void initialize(const Initializer& initializer, std::uint64_t seed, std::string_view weight_name, std::int64_t fan_in,
                std::int64_t fan_out, std::span<float> values) {
    const std::uint32_t stream = stream_of("init", weight_name);
    const auto first = static_cast<float>(initializer.first());
    const auto second = static_cast<float>(initializer.second());
    const auto [scale, fan] = scaling(initializer.kind(), fan_in, fan_out);
    const auto deviation = static_cast<float>(std::sqrt(scale / fan) / 0.87962566103423978);
    const auto limit = static_cast<float>(std::sqrt(3.0 * scale / fan));
    const auto width = static_cast<float>(initializer.second() - initializer.first());
    const auto draw = [&](std::size_t i) -> float {
        switch (initializer.kind()) {
            case Kind::zeros: return 0.0F;
            case Kind::ones: return 1.0F;
            case Kind::constant: return first;
            case Kind::random_uniform:
                return numerics::fma(numerics::unit(numerics::random_bits(seed, i, 0, 0, stream)), width, first);
            case Kind::random_normal:
                return numerics::fma(numerics::normal(seed, static_cast<std::uint32_t>(i), 0, stream), second, first);
            case Kind::truncated_normal:
                return numerics::fma(numerics::truncated_normal(seed, static_cast<std::uint32_t>(i), stream), second, first);
            case Kind::glorot_normal:
            case Kind::he_normal:
            case Kind::lecun_normal: return numerics::truncated_normal(seed, static_cast<std::uint32_t>(i), stream) * deviation;
            default: return numerics::uniform(numerics::random_bits(seed, i, 0, 0, stream), limit);
        }
    };
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = draw(i);
}

}  // namespace samebits
