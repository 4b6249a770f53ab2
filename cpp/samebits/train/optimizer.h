// An optimizer at work: its slots, its counters, the update steps it adds to a program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "samebits/base/tensor.h"
#include "samebits/graph/builder.h"
#include "samebits/train/optimizer_spec.h"

namespace samebits {

struct Slot {
    std::string name;  // "dense/kernel/m"
    Shape shape;
    Tensor value;  // empty until the first step
};

class Optimizer {
public:
    // Throws InvalidArgument when an argument breaks a rule.
    explicit Optimizer(const OptimizerSpec& spec);

    [[nodiscard]] const OptimizerSpec& spec() const { return spec_; }
    // Slots of each weight: 0, 1 (momentum) or 2 (Adam's m and v).
    [[nodiscard]] int slots_per_weight() const;
    // Names one weight's slots; called once for every trainable weight, in order.
    void add_weight(const std::string& weight_name, const Shape& shape);
    [[nodiscard]] std::vector<Slot>& slots() { return slots_; }
    [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
    // Zero-filled memory for all slots, if not there yet.
    void allocate();

    // Adds the update of one weight. `this` must outlive the program.
    void emit_update(Builder& b, BufferId weight, BufferId gradient, const std::vector<BufferId>& slots) const;

    // Before each step: what the law computes once a step in float64 (Adam's alpha). After a step that stands: commit().
    void begin_step();
    void commit();

    // Of the next step. Setting throws InvalidArgument unless finite and >= 0.
    [[nodiscard]] double learning_rate() const;
    void set_learning_rate(double rate);

    struct Counters {
        std::int64_t iterations = 0;
        double beta_1_power = 1.0;  // beta_1^t by repeated products
        double beta_2_power = 1.0;
    };
    [[nodiscard]] const Counters& counters() const { return counters_; }
    void set_counters(const Counters& counters) { counters_ = counters; }

private:
    OptimizerSpec spec_;
    std::vector<Slot> slots_;
    Counters counters_;
    Counters next_;
    kernels::Sgd sgd_{};
    kernels::Adam adam_{};
};

}  // namespace samebits
