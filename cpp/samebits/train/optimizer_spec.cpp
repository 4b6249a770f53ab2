#include "samebits/train/optimizer_spec.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

constexpr std::string_view known[] = {"sgd", "adam", "adamw", "rmsprop"};
constexpr std::string_view not_yet[] = {"adadelta",
                                        "adafactor",
                                        "adagrad",
                                        "adamax",
                                        "ftrl",
                                        "lamb",
                                        "lion",
                                        "loss_scale_optimizer",
                                        "multi_optimizer",
                                        "muon",
                                        "nadam",
                                        "optimizer_map",
                                        "schedule_free_adamw"};

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

OptimizerSpec::Value by_name(const std::string& name) {
    const std::string key = lower(name);
    if (key == "sgd") return optimizers::SGD{};
    if (key == "adam") return optimizers::Adam{};
    if (key == "adamw") return optimizers::AdamW{};
    if (key == "rmsprop") return optimizers::RMSprop{};
    require<NotImplemented>(!is_one_of(name, not_yet),
                            "[compile] optimizer \"{}\" is not implemented yet; got optimizer=\"{}\"; use {}", name, name,
                            list_of(known));
    fail("[compile] unknown optimizer; got optimizer=\"{}\"; use {}{}", name, list_of(known), did_you_mean(key, known));
}

void check_unit(const char* op, const char* name, double value) {
    require(value >= 0 && value <= 1, "[{}] {} must be in [0, 1]; got {}={}; give a number in this range", op, name, name,
            value);
}

void check_beta(const char* op, const char* name, double value) {
    require(value >= 0 && value < 1, "[{}] {} must be in [0, 1); got {}={}; give a number in this range", op, name, name,
            value);
}

void check_size(const char* op, const char* name, double value) {
    require(std::isfinite(static_cast<float>(value)) && value >= 0,
            "[{}] {} must be finite in float32 and not negative; got {}={}; give a number from 0 on", op, name, name, value);
}

void check_own(const optimizers::SGD& sgd) { check_unit(optimizers::SGD::type, "momentum", sgd.momentum); }

template <class Adam>
void check_own(const Adam& adam) {
    check_beta(adam.type, "beta_1", adam.beta_1);
    check_beta(adam.type, "beta_2", adam.beta_2);
    check_size(adam.type, "epsilon", adam.epsilon);
    require(!std::is_same_v<Adam, optimizers::AdamW> || adam.weight_decay,
            "[{}] weight_decay must be a number; got none; use Adam for no decay", adam.type);
}

void check_own(const optimizers::RMSprop& rms) {
    check_unit(optimizers::RMSprop::type, "rho", rms.rho);
    check_unit(optimizers::RMSprop::type, "momentum", rms.momentum);
    check_size(optimizers::RMSprop::type, "epsilon", rms.epsilon);
}

template <class Kind>
void check(const Kind& optimizer) {
    optimizer.learning_rate.validate(Kind::type);
    check_own(optimizer);
    if (optimizer.weight_decay) check_size(Kind::type, "weight_decay", *optimizer.weight_decay);
    int clips = 0;
    const auto check_clip = [&](const char* name, const std::optional<double>& clip) {
        if (!clip) return;
        ++clips;
        require(std::isfinite(*clip) && static_cast<float>(*clip) > 0,
                "[{}] {} must be finite and more than 0; got {}={}; leave it out for no clipping", Kind::type, name, name,
                *clip);
    };
    check_clip("clipnorm", optimizer.clipnorm);
    check_clip("clipvalue", optimizer.clipvalue);
    check_clip("global_clipnorm", optimizer.global_clipnorm);
    require(clips <= 1, "[{}] at most one of clipnorm, clipvalue and global_clipnorm is given; got {}; leave out the others",
            Kind::type, clips);
}

}  // namespace

OptimizerSpec::OptimizerSpec(const std::string& name) : value_(by_name(name)) {}

const LearningRate& OptimizerSpec::learning_rate() const {
    return std::visit([](const auto& optimizer) -> const LearningRate& { return optimizer.learning_rate; }, value_);
}

OptimizerSpec OptimizerSpec::with(const LearningRate& rate) const {
    OptimizerSpec changed = *this;
    std::visit([&](auto& optimizer) { optimizer.learning_rate = rate; }, changed.value_);
    return changed;
}

void OptimizerSpec::validate() const {
    std::visit([](const auto& optimizer) { check(optimizer); }, value_);
}

}  // namespace samebits
