#include "samebits/train/optimizer.h"

#include <algorithm>
#include <cmath>

#include "samebits/base/check.h"

namespace samebits {
namespace {

// Parts of the gradient that come from the weight itself.
void emit_penalty(Builder& b, Parameter& p) {
    const Regularizer& r = p.regularizer;
    if (r.none()) return;
    const kernels::Penalty penalty{r.l1 != 0, r.l2 != 0, static_cast<float>(r.l1), static_cast<float>(2.0 * r.l2)};
    const auto count = static_cast<std::int64_t>(b.bytes_of(p.weight) / sizeof(float));
    b.step("regularizer", {p.weight, p.gradient}, {p.changed},
           [=, w = p.weight, g = p.gradient, y = p.changed](const Frame& f) {
               f.kernels->penalty_gradient(penalty, count, f.data(w), f.data(g), f.data(y));
           });
    p.gradient = p.changed;
}

// A gradient on its way through the clipping.
struct Clipped {
    std::int64_t count;
    BufferId from, to;
};

// The gradients as one vector, to a norm of at most `limit`.
void clip_norm(const Frame& f, float limit, const std::vector<Clipped>& gradients) {
    float sum = 0;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        const float square = f.kernels->square_sum(gradients[i].count, f.data(gradients[i].from));
        sum = i == 0 ? square : sum + square;
    }
    const float norm = std::sqrt(sum);
    const float factor = norm > limit ? limit / norm : 1.0F;
    for (const Clipped& g : gradients)
        if (norm > limit || g.from != g.to) f.kernels->scale_gradient(factor, g.count, f.data(g.from), f.data(g.to));
}

void emit_clip_norm(Builder& b, const char* op, double limit, const std::vector<Clipped>& gradients) {
    std::vector<BufferId> reads;
    std::vector<BufferId> writes;
    for (const Clipped& g : gradients) {
        reads.push_back(g.from);
        writes.push_back(g.to);
    }
    b.step(op, reads, writes, [=](const Frame& f) { clip_norm(f, static_cast<float>(limit), gradients); });
}

void emit_clip_value(Builder& b, double limit, const Clipped& g) {
    b.step("clipvalue", {g.from}, {g.to},
           [=](const Frame& f) { f.kernels->clip_gradient(static_cast<float>(limit), g.count, f.data(g.from), f.data(g.to)); });
}

// What the law computes once a step, in binary64, rounded where it is used.
kernels::Sgd step_of(const optimizers::SGD& sgd, double rate, const Optimizer::Counters&) {
    return {static_cast<float>(rate), static_cast<float>(sgd.momentum), sgd.nesterov};
}

template <class Adam>
kernels::Adam step_of(const Adam& adam, double rate, const Optimizer::Counters& c) {
    const double alpha = rate * std::sqrt(1.0 - c.beta_2_power) / (1.0 - c.beta_1_power);
    return {static_cast<float>(alpha), static_cast<float>(1.0 - adam.beta_1), static_cast<float>(1.0 - adam.beta_2),
            static_cast<float>(adam.epsilon)};
}

kernels::RmsProp step_of(const optimizers::RMSprop& rms, double rate, const Optimizer::Counters&) {
    return {static_cast<float>(rate), static_cast<float>(rms.rho), static_cast<float>(1.0 - rms.rho),
            static_cast<float>(rms.momentum), static_cast<float>(rms.epsilon)};
}

}  // namespace

Optimizer::Optimizer(const OptimizerSpec& spec) : spec_(spec) { spec_.validate(); }

std::vector<std::string_view> Optimizer::slot_names() const {
    if (const auto* sgd = std::get_if<optimizers::SGD>(&spec_.value())) {
        if (static_cast<float>(sgd->momentum) == 0) return {};
        return {"momentum"};
    }
    if (const auto* rms = std::get_if<optimizers::RMSprop>(&spec_.value())) {
        if (static_cast<float>(rms->momentum) == 0) return {"v"};
        return {"v", "momentum"};
    }
    return {"m", "v"};
}

void Optimizer::add_weight(const std::string& weight_name, const Shape& shape) {
    for (const std::string_view name : slot_names()) slots_.push_back({weight_name + "/" + std::string(name), shape, {}});
}

void Optimizer::allocate() {
    for (Slot& slot : slots_) {
        if (slot.value.data() != nullptr) continue;
        slot.value = Tensor(slot.shape);
        std::fill(slot.value.values().begin(), slot.value.values().end(), 0.0F);
    }
}

bool Optimizer::is_finite() const {
    return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
        return slot.value.data() == nullptr || kernels::current().first_non_finite(slot.value.size(), slot.value.data()) < 0;
    });
}

void Optimizer::emit_updates(Builder& b, std::vector<Parameter> parameters) const {
    for (Parameter& p : parameters) {
        b.enter(p.layer, Phase::update);
        emit_penalty(b, p);
    }
    emit_clipping(b, parameters);
    for (const Parameter& p : parameters) {
        b.enter(p.layer, Phase::update);
        emit_decay(b, p);
        emit_update(b, p);
    }
}

void Optimizer::emit_clipping(Builder& b, std::vector<Parameter>& parameters) const {
    std::visit(
        [&](const auto& optimizer) {
            if (!optimizer.clipnorm && !optimizer.clipvalue && !optimizer.global_clipnorm) return;
            std::vector<Clipped> all;
            for (Parameter& p : parameters) {
                all.push_back({static_cast<std::int64_t>(b.bytes_of(p.weight) / sizeof(float)), p.gradient, p.changed});
                p.gradient = p.changed;
                if (optimizer.global_clipnorm) continue;
                b.enter(p.layer, Phase::update);
                if (optimizer.clipnorm) emit_clip_norm(b, "clipnorm", *optimizer.clipnorm, {all.back()});
                if (optimizer.clipvalue) emit_clip_value(b, *optimizer.clipvalue, all.back());
            }
            b.enter("optimizer", Phase::update);
            if (optimizer.global_clipnorm) emit_clip_norm(b, "global_clipnorm", *optimizer.global_clipnorm, all);
        },
        spec_.value());
}

void Optimizer::emit_decay(Builder& b, const Parameter& p) const {
    const auto decay = std::visit([](const auto& optimizer) { return optimizer.weight_decay; }, spec_.value());
    if (!decay) return;
    const auto count = static_cast<std::int64_t>(b.bytes_of(p.weight) / sizeof(float));
    b.step("weight_decay", {p.weight}, {p.weight},
           [=, this, w = p.weight, factor = static_cast<float>(*decay)](const Frame& f) {
               f.kernels->weight_decay(factor, rate_, count, f.data(w));
           });
}

void Optimizer::emit_update(Builder& b, const Parameter& p) const {
    const auto count = static_cast<std::int64_t>(b.bytes_of(p.weight) / sizeof(float));
    std::vector<BufferId> reads = p.slots;
    reads.insert(reads.begin(), {p.weight, p.gradient});
    std::vector<BufferId> writes = p.slots;
    writes.insert(writes.begin(), p.weight);
    const BufferId w = p.weight;
    const BufferId g = p.gradient;
    const BufferId first = p.slots.empty() ? no_buffer : p.slots[0];
    const BufferId second = p.slots.size() < 2 ? no_buffer : p.slots[1];
    if (std::holds_alternative<optimizers::SGD>(spec_.value())) {
        b.step("sgd", reads, writes, [=, this](const Frame& f) {
            wrote_finite_ &= f.kernels->sgd(std::get<kernels::Sgd>(step_), count, f.data(w), f.data(g), f.data(first));
        });
    } else if (std::holds_alternative<optimizers::RMSprop>(spec_.value())) {
        b.step("rmsprop", reads, writes, [=, this](const Frame& f) {
            wrote_finite_ &= f.kernels->rms_prop(std::get<kernels::RmsProp>(step_), count, f.data(w), f.data(g), f.data(first),
                                                 f.data(second));
        });
    } else {
        b.step("adam", reads, writes, [=, this](const Frame& f) {
            wrote_finite_ &=
                f.kernels->adam(std::get<kernels::Adam>(step_), count, f.data(w), f.data(g), f.data(first), f.data(second));
        });
    }
}

void Optimizer::begin_step() {
    wrote_finite_ = true;
    next_ = counters_;
    ++next_.iterations;
    const auto grow = [&](const auto& adam) {
        next_.beta_1_power *= adam.beta_1;
        next_.beta_2_power *= adam.beta_2;
    };
    if (const auto* adam = std::get_if<optimizers::Adam>(&spec_.value())) grow(*adam);
    if (const auto* adamw = std::get_if<optimizers::AdamW>(&spec_.value())) grow(*adamw);
    const double rate = learning_rate();
    rate_ = static_cast<float>(rate);
    std::visit([&](const auto& optimizer) { step_ = step_of(optimizer, rate, next_); }, spec_.value());
}

double Optimizer::learning_rate() const { return spec_.learning_rate().at(counters_.iterations); }

void Optimizer::set_learning_rate(double rate) {
    require<TypeMismatch>(!spec_.learning_rate().scheduled(),
                          "[learning_rate] a schedule sets the rate of this optimizer; got learning_rate={}; {}", rate,
                          "compile with a number as learning_rate to set it");
    const OptimizerSpec changed = spec_.with(rate);
    changed.validate();
    spec_ = changed;
}

void Optimizer::commit() { counters_ = next_; }

}  // namespace samebits
