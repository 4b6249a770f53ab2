#include "samebits/train/optimizer_json.h"

#include <algorithm>
#include <iterator>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/train/json_text.h"

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;
using namespace optimizers;
using namespace optimizers::schedules;

// Keras's arguments that are not here yet, accepted only at these defaults.
struct Later {
    std::string_view key;
    Json standard;
};
const Later& later_of(std::string_view key) {
    static const Later none{{}, nullptr};
    static const Later later[] = {
        {"use_ema", false},        {"ema_momentum", 0.99},
        {"loss_scale_factor", {}}, {"ema_overwrite_frequency", {}},
        {"amsgrad", false},        {"gradient_accumulation_steps", {}},
        {"centered", false},
    };
    const auto* found = std::find_if(std::begin(later), std::end(later), [&](const Later& l) { return l.key == key; });
    return found == std::end(later) ? none : *found;
}

// The arguments of each, in Keras's order; `visit` is a Writer or a Reader.
template <class Visit, class Optimizer>
void clips(Visit& visit, Optimizer& o) {
    visit("clipnorm", o.clipnorm);
    visit("clipvalue", o.clipvalue);
    visit("global_clipnorm", o.global_clipnorm);
}

template <class Visit, class Adam>
void moments(Visit& visit, Adam& o) {
    visit("beta_1", o.beta_1);
    visit("beta_2", o.beta_2);
    visit("epsilon", o.epsilon);
}

template <class Visit>
void arguments(Visit& visit, SGD& o) {
    visit("learning_rate", o.learning_rate);
    visit("momentum", o.momentum);
    visit("nesterov", o.nesterov);
    visit("weight_decay", o.weight_decay);
    clips(visit, o);
}

template <class Visit>
void arguments(Visit& visit, Adam& o) {
    visit("learning_rate", o.learning_rate);
    moments(visit, o);
    visit("weight_decay", o.weight_decay);
    clips(visit, o);
}

template <class Visit>
void arguments(Visit& visit, AdamW& o) {
    visit("learning_rate", o.learning_rate);
    visit("weight_decay", o.weight_decay);
    moments(visit, o);
    clips(visit, o);
}

template <class Visit>
void arguments(Visit& visit, RMSprop& o) {
    visit("learning_rate", o.learning_rate);
    visit("rho", o.rho);
    visit("momentum", o.momentum);
    visit("epsilon", o.epsilon);
    visit("weight_decay", o.weight_decay);
    clips(visit, o);
}

// ExponentialDecay and InverseTimeDecay.
template <class Visit, class Decay>
void arguments(Visit& visit, Decay& s) {
    visit("initial_learning_rate", s.initial_learning_rate);
    visit("decay_steps", s.decay_steps);
    visit("decay_rate", s.decay_rate);
    visit("staircase", s.staircase);
}

template <class Visit>
void arguments(Visit& visit, CosineDecay& s) {
    visit("initial_learning_rate", s.initial_learning_rate);
    visit("decay_steps", s.decay_steps);
    visit("alpha", s.alpha);
    visit("warmup_target", s.warmup_target);
    visit("warmup_steps", s.warmup_steps);
}

template <class Visit>
void arguments(Visit& visit, PiecewiseConstantDecay& s) {
    visit("boundaries", s.boundaries);
    visit("values", s.values);
}

template <class Visit>
void arguments(Visit& visit, PolynomialDecay& s) {
    visit("initial_learning_rate", s.initial_learning_rate);
    visit("decay_steps", s.decay_steps);
    visit("end_learning_rate", s.end_learning_rate);
    visit("power", s.power);
    visit("cycle", s.cycle);
}

Json json_of(const LearningRate& rate);

class Writer {
public:
    explicit Writer(const char* type) : json{{"type", type}} {}

    template <class T>
    void operator()(const char* key, const T& value) {
        json[key] = value;
    }
    void operator()(const char* key, const std::optional<double>& value) { json[key] = value ? Json(*value) : Json(); }
    void operator()(const char* key, const LearningRate& value) { json[key] = json_of(value); }

    Json json;
};

template <class Kind>
Json write(Kind value) {
    Writer writer(Kind::type);
    arguments(writer, value);
    return writer.json;
}

Json json_of(const LearningRate& rate) {
    return std::visit(
        [](const auto& value) -> Json {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
                return value;
            } else {
                return write(value);
            }
        },
        rate.value());
}

LearningRate learning_rate_of(const char* op, const char* key, const Json& json);

class Reader {
public:
    Reader(const char* op, const Json& json) : op_(op), json_(json) {}

    void operator()(const char* key, double& value) {
        if (const Json* j = find(key)) value = number(key, *j);
    }
    void operator()(const char* key, bool& value) {
        const Json* j = find(key);
        if (j == nullptr) return;
        require<TypeMismatch>(j->is_boolean(), "[{}] {} must be true or false; got {}={}; change its type", op_, key, key,
                              j->dump());
        value = j->get<bool>();
    }
    // null, unlike a missing key, is an argument.
    void operator()(const char* key, std::optional<double>& value) {
        if (const Json* j = find(key)) value = number(key, *j);
        if (json_.contains(key) && json_[key].is_null()) value.reset();
    }
    void operator()(const char* key, std::vector<double>& value) {
        const Json* j = find(key);
        if (j == nullptr) return;
        require<TypeMismatch>(j->is_array(), "[{}] {} must be a list of numbers; got {}={}; give a list", op_, key, key,
                              j->dump());
        for (const Json& item : *j) value.push_back(number(key, item));
    }
    void operator()(const char* key, LearningRate& value) {
        if (const Json* j = find(key)) value = learning_rate_of(op_, key, *j);
    }
    // After all arguments: what was not asked for is refused.
    void finish() const {
        for (const auto& [key, value] : json_.items()) {
            if (key == "type" || std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
            const Later& later = later_of(key);
            require(!later.key.empty(), "[{}] unknown argument; got \"{}\"; it takes {}{}", op_, key, list_of(known_),
                    did_you_mean(key, known_));
            require<NotImplemented>(value.is_null() || value == later.standard,
                                    "[{}] {} is not implemented yet; got {}={}; leave it out", op_, key, key, value.dump());
        }
    }

private:
    const Json* find(const char* key) {
        known_.emplace_back(key);
        const auto it = json_.find(key);
        return it == json_.end() || it->is_null() ? nullptr : &*it;
    }
    double number(const char* key, const Json& json) const {
        require<TypeMismatch>(json.is_number(), "[{}] {} must be a number; got {}={}; change its type", op_, key, key,
                              json.dump());
        return json.get<double>();
    }

    const char* op_;
    const Json& json_;
    std::vector<std::string_view> known_;
};

template <class Kind>
Kind read(const Json& json) {
    Kind value{};
    Reader reader(Kind::type, json);
    arguments(reader, value);
    reader.finish();
    return value;
}

LearningRate learning_rate_of(const char* op, const char* key, const Json& json) {
    require<TypeMismatch>(json.is_number() || json.is_object(),
                          "[{}] {} must be a number or a schedule; got {}={}; change its type", op, key, key, json.dump());
    if (json.is_number()) return json.get<double>();
    const std::string type = type_of(key, json);
    if (type == ExponentialDecay::type) return read<ExponentialDecay>(json);
    if (type == CosineDecay::type) return read<CosineDecay>(json);
    if (type == PiecewiseConstantDecay::type) return read<PiecewiseConstantDecay>(json);
    if (type == PolynomialDecay::type) return read<PolynomialDecay>(json);
    if (type == InverseTimeDecay::type) return read<InverseTimeDecay>(json);
    constexpr std::string_view known[] = {ExponentialDecay::type, CosineDecay::type, PiecewiseConstantDecay::type,
                                          PolynomialDecay::type, InverseTimeDecay::type};
    require<NotImplemented>(type != "CosineDecayRestarts", "[{}] {} is not implemented yet; got {}={}; use {}", op, type, key,
                            json.dump(), list_of(known));
    fail("[{}] unknown schedule; got \"{}\"; use {}{}", op, type, list_of(known), did_you_mean(type, known));
}

}  // namespace

std::string optimizer_to_json(const OptimizerSpec& optimizer) {
    return std::visit([](const auto& value) { return write(value).dump(); }, optimizer.value());
}

OptimizerSpec optimizer_from_json(const std::string& text) {
    const Json json = parse(text);
    if (json.is_string()) return json.get<std::string>();
    const OptimizerSpec by_name(type_of("compile: optimizer", json));  // refuses what is unknown or not there yet
    const OptimizerSpec optimizer = std::visit(
        [&](const auto& value) { return OptimizerSpec(read<std::decay_t<decltype(value)>>(json)); }, by_name.value());
    optimizer.validate();
    return optimizer;
}

std::string learning_rate_to_json(const LearningRate& rate) { return json_of(rate).dump(); }

LearningRate learning_rate_from_json(const std::string& text) {
    const LearningRate rate = learning_rate_of("learning_rate", "learning_rate", parse(text));
    rate.validate("learning_rate");
    return rate;
}

}  // namespace samebits
