// The optimizers and their arguments, with Keras's names and defaults.
#pragma once

#include <string>
#include <variant>

namespace samebits {

namespace optimizers {

// w = w - g*lr; with momentum m = m*mu - g*lr and w = w + m, or nesterov w = w + (m*mu - g*lr).
struct SGD {
    double learning_rate = 0.01;
    double momentum = 0.0;  // in [0, 1]
    bool nesterov = false;
};

// Kingma and Ba 2015, in Keras's form: alpha = lr*sqrt(1 - beta_2^t)/(1 - beta_1^t); w = w - m*alpha/(sqrt(v) + epsilon).
struct Adam {
    double learning_rate = 0.001;
    double beta_1 = 0.9;
    double beta_2 = 0.999;
    double epsilon = 1e-7;
};

}  // namespace optimizers

// One of the above, or by name: "sgd", "adam". Throws InvalidArgument or NotImplemented for another name.
class OptimizerSpec {
public:
    OptimizerSpec(const optimizers::SGD& sgd) : value_(sgd) {}             // NOLINT: .optimizer = Adam{} reads well
    OptimizerSpec(const optimizers::Adam& adam) : value_(adam) {}          // NOLINT
    OptimizerSpec(const std::string& name);                                // NOLINT
    OptimizerSpec(const char* name) : OptimizerSpec(std::string(name)) {}  // NOLINT

    [[nodiscard]] const std::variant<optimizers::SGD, optimizers::Adam>& value() const { return value_; }
    // Learning rate finite and >= 0, momentum in [0, 1], betas in [0, 1), epsilon finite and >= 0; else InvalidArgument.
    void validate() const;

private:
    std::variant<optimizers::SGD, optimizers::Adam> value_;
};

}  // namespace samebits
