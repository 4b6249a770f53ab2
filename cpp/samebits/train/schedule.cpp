#include "samebits/train/schedule.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/numerics/functions.h"

// The law, section 5: binary64 + - * / and floor, and the law's functions, which are binary32.
namespace samebits {
namespace {

using namespace optimizers::schedules;

constexpr double largest_product = 64;  // powers up to here are products

double exp_of(double x) { return static_cast<double>(numerics::exp(static_cast<float>(x))); }
double log_of(double x) { return static_cast<double>(numerics::log(static_cast<float>(x))); }
double smaller(double a, double b) { return b < a ? b : a; }

// base^exponent, 0 <= base <= 1.
double power(double base, double exponent) {
    if (exponent > largest_product || exponent != std::floor(exponent)) return exp_of(exponent * log_of(base));
    double product = 1.0;
    for (double i = 0; i < exponent; i += 1) product = product * base;
    return product;
}

double rate_at(double rate, double) { return rate; }

double rate_at(const ExponentialDecay& s, double t) {
    const double p = t / s.decay_steps;
    return s.initial_learning_rate * exp_of((s.staircase ? std::floor(p) : p) * log_of(s.decay_rate));
}

double rate_at(const CosineDecay& s, double t) {
    if (s.warmup_target && t < s.warmup_steps)
        return (*s.warmup_target - s.initial_learning_rate) * (t / s.warmup_steps) + s.initial_learning_rate;
    const double from = s.warmup_target.value_or(s.initial_learning_rate);
    const double p = smaller(s.warmup_target ? t - s.warmup_steps : t, s.decay_steps) / s.decay_steps;
    const double cosine = 0.5 * (1.0 + static_cast<double>(numerics::cospi(static_cast<float>(p))));
    return from * ((1.0 - s.alpha) * cosine + s.alpha);
}

double rate_at(const PiecewiseConstantDecay& s, double t) {
    std::size_t i = 0;
    while (i < s.boundaries.size() && s.boundaries[i] < t) ++i;
    return s.values[i];
}

double rate_at(const PolynomialDecay& s, double t) {
    const double cycles = s.cycle && t > 0 ? std::ceil(t / s.decay_steps) : 1.0;
    const double p = (s.cycle ? t : smaller(t, s.decay_steps)) / (s.decay_steps * cycles);
    return (s.initial_learning_rate - s.end_learning_rate) * power(1.0 - smaller(p, 1.0), s.power) + s.end_learning_rate;
}

double rate_at(const InverseTimeDecay& s, double t) {
    const double p = t / s.decay_steps;
    return s.initial_learning_rate / (1.0 + s.decay_rate * (s.staircase ? std::floor(p) : p));
}

void check_rate(std::string_view op, const char* name, double rate) {
    require(std::isfinite(static_cast<float>(rate)) && rate >= 0,
            "[{}] {} must be finite in float32 and not negative; got {}={}; give a number from 0 on", op, name, name, rate);
}

void check_positive(std::string_view op, const char* name, double value) {
    require(std::isfinite(value) && value > 0, "[{}] {} must be finite and more than 0; got {}={}; give a positive number", op,
            name, name, value);
}

// What most schedules have.
template <class Schedule>
void check_start(const Schedule& s) {
    check_rate(Schedule::type, "initial_learning_rate", s.initial_learning_rate);
    check_positive(Schedule::type, "decay_steps", s.decay_steps);
}

void check(const ExponentialDecay& s) {
    check_start(s);
    check_positive(s.type, "decay_rate", s.decay_rate);
    require(static_cast<float>(s.decay_rate) > 0,
            "[{}] decay_rate must not vanish in float32; got decay_rate={}; give a larger number", s.type, s.decay_rate);
}

void check(const CosineDecay& s) {
    check_start(s);
    check_rate(s.type, "alpha", s.alpha);
    check_rate(s.type, "warmup_steps", s.warmup_steps);
    if (s.warmup_target) check_rate(s.type, "warmup_target", *s.warmup_target);
    require(s.warmup_target || s.warmup_steps == 0, "[{}] warming up needs a target; got warmup_steps={}; give warmup_target",
            s.type, s.warmup_steps);
}

void check(const PiecewiseConstantDecay& s) {
    require(s.values.size() == s.boundaries.size() + 1,
            "[{}] there is one value more than boundaries; got {} values and {} boundaries; give one more value", s.type,
            s.values.size(), s.boundaries.size());
    for (const double value : s.values) check_rate(s.type, "values", value);
    for (std::size_t i = 0; i < s.boundaries.size(); ++i) {
        check_rate(s.type, "boundaries", s.boundaries[i]);
        require(i == 0 || s.boundaries[i - 1] < s.boundaries[i], "[{}] boundaries must ascend; got {} before {}; sort them",
                s.type, i == 0 ? 0.0 : s.boundaries[i - 1], s.boundaries[i]);
    }
}

void check(const PolynomialDecay& s) {
    check_start(s);
    check_rate(s.type, "end_learning_rate", s.end_learning_rate);
    check_rate(s.type, "power", s.power);
}

void check(const InverseTimeDecay& s) {
    check_start(s);
    check_rate(s.type, "decay_rate", s.decay_rate);
}

}  // namespace

double LearningRate::at(std::int64_t iterations) const {
    const FpGuard guard;
    return std::visit([&](const auto& value) { return rate_at(value, static_cast<double>(iterations)); }, value_);
}

void LearningRate::validate(std::string_view op) const {
    std::visit(
        [&](const auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
                check_rate(op, "learning_rate", value);
            } else {
                check(value);
            }
        },
        value_);
}

}  // namespace samebits
