// The optimizers and their arguments, with Keras's names and defaults.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "samebits/base/api.h"
#include "samebits/train/schedule.h"

namespace samebits {

// What all have: weight_decay, w = w - (w*weight_decay)*lr before the update; and one of clipvalue (each element of a gradient
// to [-c, c]), clipnorm (each gradient to a norm of at most c) and global_clipnorm (all gradients as one to a norm of at most
// c).
namespace optimizers {

// w = w - g*lr; with momentum m = m*mu - g*lr and w = w + m, or nesterov w = w + (m*mu - g*lr).
struct SGD {
    static constexpr const char* type = "SGD";
    LearningRate learning_rate = 0.01;
    double momentum = 0.0;  // in [0, 1]
    bool nesterov = false;
    std::optional<double> weight_decay = std::nullopt;
    std::optional<double> clipnorm = std::nullopt;
    std::optional<double> clipvalue = std::nullopt;
    std::optional<double> global_clipnorm = std::nullopt;
};

// Kingma and Ba 2015, in Keras's form: alpha = lr*sqrt(1 - beta_2^t)/(1 - beta_1^t); w = w - m*alpha/(sqrt(v) + epsilon).
struct Adam {
    static constexpr const char* type = "Adam";
    LearningRate learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    std::optional<double> weight_decay = std::nullopt;
    std::optional<double> clipnorm = std::nullopt;
    std::optional<double> clipvalue = std::nullopt;
    std::optional<double> global_clipnorm = std::nullopt;
};

// Adam with decoupled weight decay (Loshchilov and Hutter 2019); the decay cannot be left out.
struct AdamW {
    static constexpr const char* type = "AdamW";
    LearningRate learning_rate = 0.001;
    std::optional<double> weight_decay = 0.004;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
    std::optional<double> clipnorm = std::nullopt;
    std::optional<double> clipvalue = std::nullopt;
    std::optional<double> global_clipnorm = std::nullopt;
};

// Tieleman and Hinton 2012: v = rho*v + (1 - rho)*g^2; w = w - d, d = lr*g/sqrt(v + epsilon); with momentum m = mu*m + d and
// w = w - m.
struct RMSprop {
    static constexpr const char* type = "RMSprop";
    LearningRate learning_rate = 0.001;
    double rho = 0.9;       // in [0, 1]
    double momentum = 0.0;  // in [0, 1]
    double epsilon = 1e-7;
    std::optional<double> weight_decay = std::nullopt;
    std::optional<double> clipnorm = std::nullopt;
    std::optional<double> clipvalue = std::nullopt;
    std::optional<double> global_clipnorm = std::nullopt;
};

}  // namespace optimizers

// One of the above, or by name: "sgd", "adam", "adamw", "rmsprop". Throws InvalidArgument or NotImplemented for another name.
class SAMEBITS_API OptimizerSpec {
public:
    using Value = std::variant<optimizers::SGD, optimizers::Adam, optimizers::AdamW, optimizers::RMSprop>;

    OptimizerSpec(const optimizers::SGD& sgd) : value_(sgd) {}             // NOLINT: .optimizer = Adam{} reads well
    OptimizerSpec(const optimizers::Adam& adam) : value_(adam) {}          // NOLINT
    OptimizerSpec(const optimizers::AdamW& adamw) : value_(adamw) {}       // NOLINT
    OptimizerSpec(const optimizers::RMSprop& rms) : value_(rms) {}         // NOLINT
    OptimizerSpec(const std::string& name);                                // NOLINT
    OptimizerSpec(const char* name) : OptimizerSpec(std::string(name)) {}  // NOLINT

    [[nodiscard]] const Value& value() const { return value_; }
    [[nodiscard]] const LearningRate& learning_rate() const;
    // The same with another rate.
    [[nodiscard]] OptimizerSpec with(const LearningRate& rate) const;
    // Learning rate, weight_decay and epsilon finite and >= 0, momentum and rho in [0, 1], betas in [0, 1), at most one of the
    // clips and that finite and > 0 in float32; else InvalidArgument.
    void validate() const;

private:
    Value value_;
};

}  // namespace samebits
