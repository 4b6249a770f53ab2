// The learning rate of an optimizer: a number, or a schedule over its steps. Keras's names, arguments and defaults.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "samebits/base/api.h"

namespace samebits {

// t counts the steps that the optimizer has made, from 0. Exact formulas: docs/numerics.md, section 5.
namespace optimizers::schedules {

constexpr double not_given = std::numeric_limits<double>::quiet_NaN();  // refused by validate()

// initial_learning_rate * decay_rate^p, p = t / decay_steps; staircase: p rounded down.
struct ExponentialDecay {
    static constexpr const char* type = "ExponentialDecay";
    double initial_learning_rate = not_given;
    double decay_steps = not_given;  // > 0
    double decay_rate = not_given;   // > 0
    bool staircase = false;
};

// rate * ((1 - alpha) * (1 + cos(pi*p)) / 2 + alpha), p = min(t, decay_steps) / decay_steps, rate = initial_learning_rate.
// With a warmup_target the first warmup_steps steps go there in a straight line, and the cosine starts from it after them.
struct CosineDecay {
    static constexpr const char* type = "CosineDecay";
    double initial_learning_rate = not_given;
    double decay_steps = not_given;  // > 0
    double alpha = 0.0;
    std::optional<double> warmup_target = std::nullopt;
    double warmup_steps = 0;
};

// values[i], i the number of boundaries that are less than t.
struct PiecewiseConstantDecay {
    static constexpr const char* type = "PiecewiseConstantDecay";
    std::vector<double> boundaries;  // ascending
    std::vector<double> values;      // one more
};

// (initial_learning_rate - end_learning_rate) * (1 - p)^power + end_learning_rate, p = min(t, decay_steps) / decay_steps;
// cycle: decay_steps is multiplied to the first multiple that is not less than t.
struct PolynomialDecay {
    static constexpr const char* type = "PolynomialDecay";
    double initial_learning_rate = not_given;
    double decay_steps = not_given;  // > 0
    double end_learning_rate = 0.0001;
    double power = 1.0;  // >= 0
    bool cycle = false;
};

// initial_learning_rate / (1 + decay_rate * p), p = t / decay_steps; staircase: p rounded down.
struct InverseTimeDecay {
    static constexpr const char* type = "InverseTimeDecay";
    double initial_learning_rate = not_given;
    double decay_steps = not_given;  // > 0
    double decay_rate = not_given;   // >= 0
    bool staircase = false;
};

}  // namespace optimizers::schedules

class SAMEBITS_API LearningRate {
public:
    using Value = std::variant<double, optimizers::schedules::ExponentialDecay, optimizers::schedules::CosineDecay,
                               optimizers::schedules::PiecewiseConstantDecay, optimizers::schedules::PolynomialDecay,
                               optimizers::schedules::InverseTimeDecay>;

    LearningRate(double rate) : value_(rate) {}  // NOLINT: .learning_rate = 0.1 and .learning_rate = CosineDecay{...}
    template <class Schedule>
    requires std::is_aggregate_v<Schedule> LearningRate(Schedule schedule) : value_(std::move(schedule)) {}  // NOLINT

    [[nodiscard]] const Value& value() const { return value_; }
    [[nodiscard]] bool scheduled() const { return value_.index() != 0; }
    // Of the step after `iterations` steps, in binary64.
    [[nodiscard]] double at(std::int64_t iterations) const;
    // Rates finite and not negative, and what stands above. Throws InvalidArgument under `op` or the schedule's name.
    void validate(std::string_view op) const;

private:
    Value value_;
};

}  // namespace samebits
