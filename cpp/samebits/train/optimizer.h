// An optimizer at work: its slots, its counters, the update steps it adds to a program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "samebits/base/tensor.h"
#include "samebits/graph/builder.h"
#include "samebits/graph/regularizer.h"
#include "samebits/train/optimizer_spec.h"

namespace samebits {

struct Slot {
    std::string name;  // "dense/kernel/m"
    Shape shape;
    Tensor value;  // empty until the first step
};

// A weight as its update sees it.
struct Parameter {
    std::string layer;
    BufferId weight;
    BufferId gradient;
    BufferId changed;  // where the gradient may be changed: `gradient` itself, or another buffer
    std::vector<BufferId> slots;
    Regularizer regularizer;
};

class Optimizer {
public:
    // Throws InvalidArgument when an argument breaks a rule.
    explicit Optimizer(const OptimizerSpec& spec);

    [[nodiscard]] const OptimizerSpec& spec() const { return spec_; }
    // Slots of each weight: none, its momentum, its moments.
    [[nodiscard]] std::vector<std::string_view> slot_names() const;
    // Names one weight's slots; called once for every trainable weight, in order.
    void add_weight(const std::string& weight_name, const Shape& shape);
    [[nodiscard]] std::vector<Slot>& slots() { return slots_; }
    [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
    // Zero-filled memory for all slots, if not there yet.
    void allocate();
    [[nodiscard]] bool is_finite() const;  // all slots

    // Adds the update of all weights: the gradients of their regularizers, clipping, decay, the optimizer's own. `this` must
    // outlive the program.
    void emit_updates(Builder& b, std::vector<Parameter> parameters) const;

    // Before each step: what the law computes once a step in float64 (the rate, Adam's alpha). After a step that stands:
    // commit().
    void begin_step();
    void commit();
    // Whether every weight and slot that the step has changed is finite.
    [[nodiscard]] bool wrote_finite() const { return wrote_finite_; }

    // Of the next step. Setting throws InvalidArgument unless finite and >= 0, TypeMismatch where a schedule rules.
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
    void emit_clipping(Builder& b, std::vector<Parameter>& parameters) const;
    void emit_decay(Builder& b, const Parameter& parameter) const;
    void emit_update(Builder& b, const Parameter& parameter) const;

    OptimizerSpec spec_;
    std::vector<Slot> slots_;
    Counters counters_;
    Counters next_;
    // Of the step at work.
    float rate_ = 0;
    mutable bool wrote_finite_ = true;  // emit_updates() is const; its steps say this as they run
    std::variant<kernels::Sgd, kernels::Adam, kernels::RmsProp> step_;
};

}  // namespace samebits
