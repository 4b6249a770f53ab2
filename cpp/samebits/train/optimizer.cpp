#include "samebits/train/optimizer.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

constexpr std::string_view known[] = {"sgd", "adam"};
constexpr std::string_view not_yet[] = {"adadelta", "adafactor", "adagrad", "adamax", "adamw",  "ftrl",
                                        "lamb",     "lion",      "muon",    "nadam",  "rmsprop"};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

std::variant<optimizers::SGD, optimizers::Adam> by_name(const std::string& name) {
    const std::string key = lower(name);
    if (key == "sgd") return optimizers::SGD{};
    if (key == "adam") return optimizers::Adam{};
    require<NotImplemented>(std::find(std::begin(not_yet), std::end(not_yet), key) == std::end(not_yet),
                            "[compile] optimizer \"{}\" is not implemented yet; got optimizer=\"{}\"; use {}", name, name,
                            list_of(known));
    fail("[compile] unknown optimizer; got optimizer=\"{}\"; use {}{}", name, list_of(known), did_you_mean(key, known));
}

void validate_rate(const char* op, double rate) {
    require(std::isfinite(rate) && rate >= 0, "[{}] learning_rate must be finite and not negative; got learning_rate={}", op,
            rate);
}

}  // namespace

OptimizerSpec::OptimizerSpec(const std::string& name) : value_(by_name(name)) {}

void OptimizerSpec::validate() const {
    if (const auto* sgd = std::get_if<optimizers::SGD>(&value_)) {
        validate_rate("SGD", sgd->learning_rate);
        require(sgd->momentum >= 0 && sgd->momentum <= 1, "[SGD] momentum must be in [0, 1]; got momentum={}", sgd->momentum);
        return;
    }
    const auto& adam = std::get<optimizers::Adam>(value_);
    validate_rate("Adam", adam.learning_rate);
    require(adam.beta_1 >= 0 && adam.beta_1 < 1, "[Adam] beta_1 must be in [0, 1); got beta_1={}", adam.beta_1);
    require(adam.beta_2 >= 0 && adam.beta_2 < 1, "[Adam] beta_2 must be in [0, 1); got beta_2={}", adam.beta_2);
    require(std::isfinite(adam.epsilon) && adam.epsilon >= 0, "[Adam] epsilon must be finite and not negative; got epsilon={}",
            adam.epsilon);
}

Optimizer::Optimizer(const OptimizerSpec& spec) : spec_(spec) { spec_.validate(); }

int Optimizer::slots_per_weight() const {
    if (const auto* sgd = std::get_if<optimizers::SGD>(&spec_.value())) return static_cast<float>(sgd->momentum) != 0 ? 1 : 0;
    return 2;
}

void Optimizer::add_weight(const std::string& weight_name, const Shape& shape) {
    const int count = slots_per_weight();
    if (count == 1) slots_.push_back({weight_name + "/momentum", shape, {}});
    if (count == 2) {
        slots_.push_back({weight_name + "/m", shape, {}});
        slots_.push_back({weight_name + "/v", shape, {}});
    }
}

void Optimizer::allocate() {
    for (Slot& slot : slots_) {
        if (slot.value.data() != nullptr) continue;
        slot.value = Tensor(slot.shape);
        std::fill(slot.value.values().begin(), slot.value.values().end(), 0.0F);
    }
}

void Optimizer::emit_update(Builder& b, BufferId weight, BufferId gradient, const std::vector<BufferId>& slots) const {
    const auto count = static_cast<std::int64_t>(b.bytes_of(weight) / sizeof(float));
    std::vector<BufferId> reads = slots;
    reads.insert(reads.begin(), {weight, gradient});
    std::vector<BufferId> writes = slots;
    writes.insert(writes.begin(), weight);
    if (std::holds_alternative<optimizers::SGD>(spec_.value())) {
        const BufferId m = slots.empty() ? no_buffer : slots[0];
        b.step("sgd", reads, writes,
               [=, this](const Frame& f) { f.kernels->sgd(sgd_, count, f.data(weight), f.data(gradient), f.data(m)); });
        return;
    }
    b.step("adam", reads, writes, [=, this, m = slots[0], v = slots[1]](const Frame& f) {
        f.kernels->adam(adam_, count, f.data(weight), f.data(gradient), f.data(m), f.data(v));
    });
}

void Optimizer::begin_step() {
    next_ = counters_;
    ++next_.iterations;
    if (const auto* sgd = std::get_if<optimizers::SGD>(&spec_.value())) {
        sgd_ = {static_cast<float>(sgd->learning_rate), static_cast<float>(sgd->momentum), sgd->nesterov};
        return;
    }
    const auto& adam = std::get<optimizers::Adam>(spec_.value());
    next_.beta_1_power *= adam.beta_1;
    next_.beta_2_power *= adam.beta_2;
    // The law, section 5: everything in float64, rounded where it is used.
    const double alpha = adam.learning_rate * std::sqrt(1.0 - next_.beta_2_power) / (1.0 - next_.beta_1_power);
    adam_ = {static_cast<float>(alpha), static_cast<float>(1.0 - adam.beta_1), static_cast<float>(1.0 - adam.beta_2),
             static_cast<float>(adam.epsilon)};
}

double Optimizer::learning_rate() const {
    return std::visit([](const auto& optimizer) { return optimizer.learning_rate; }, spec_.value());
}

void Optimizer::set_learning_rate(double rate) {
    OptimizerSpec changed = spec_;
    std::visit(
        [&](auto optimizer) {
            optimizer.learning_rate = rate;
            changed = optimizer;
        },
        spec_.value());
    changed.validate();
    spec_ = changed;
}

void Optimizer::commit() { counters_ = next_; }

}  // namespace samebits
