#include "samebits/graph/layer_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/names.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;

struct Kind {
    std::string_view type;
    std::shared_ptr<LayerImpl> (*make)();
};
constexpr Kind kinds[] = {
    {"Activation", layers::new_activation},
    {"Add", layers::new_add},
    {"BatchNormalization", layers::new_batch_normalization},
    {"AveragePooling2D", layers::new_average_pooling2d},
    {"Concatenate", layers::new_concatenate},
    {"Conv2D", layers::new_conv2d},
    {"Dense", layers::new_dense},
    {"DepthwiseConv2D", layers::new_depthwise_conv2d},
    {"Dropout", layers::new_dropout},
    {"ELU", layers::new_elu},
    {"Flatten", layers::new_flatten},
    {"GELU", layers::new_gelu},
    {"GlobalAveragePooling2D", layers::new_global_average_pooling2d},
    {"GlobalMaxPooling2D", layers::new_global_max_pooling2d},
    {"InputLayer", layers::new_input},
    {"LayerNormalization", layers::new_layer_normalization},
    {"LeakyReLU", layers::new_leaky_relu},
    {"MaxPooling2D", layers::new_max_pooling2d},
    {"ReLU", layers::new_relu},
    {"Rescaling", layers::new_rescaling},
    {"Reshape", layers::new_reshape},
    {"SiLU", layers::new_silu},
    {"Softmax", layers::new_softmax},
    {"RandomCrop", layers::new_random_crop},
    {"RandomFlip", layers::new_random_flip},
    {"RandomTranslation", layers::new_random_translation},
    {"SeparableConv2D", layers::new_separable_conv2d},
    {"ZeroPadding2D", layers::new_zero_padding2d},
};

// Keras's layers that have a name here but no code yet.
constexpr std::string_view layers_not_yet[] = {
    "Conv1D",
    "Conv2DTranspose",
    "Conv3D",
    "Embedding",
    "GRU",
    "GaussianDropout",
    "GaussianNoise",
    "GroupNormalization",
    "LSTM",
    "MultiHeadAttention",
    "PReLU",
    "Permute",
    "RepeatVector",
    "SimpleRNN",
    "SpatialDropout2D",
    "UpSampling2D",
};

// Keras's arguments that no layer here has yet: accepted only as null (not given).
constexpr std::string_view arguments_not_yet[] = {
    "activity_regularizer", "bias_constraint", "data_format", "dtype", "groups",    "kernel_constraint",
    "lora_alpha",           "lora_rank",       "noise_shape", "seed",  "trainable",
};

// Where Keras takes several numbers and here there is one.
constexpr std::pair<std::string_view, std::string_view> lists_not_yet[] = {
    {"LayerNormalization", "axis"}, {"Softmax", "axis"}, {"Rescaling", "scale"}, {"Rescaling", "offset"}};

// The arguments of an initializer that has some.
struct Arguments {
    Initializer::Kind kind;
    const char* type;
    const char* first;
    const char* second;  // or nullptr
};
constexpr Arguments initializer_arguments[] = {
    {Initializer::Kind::constant, "Constant", "value", nullptr},
    {Initializer::Kind::random_uniform, "RandomUniform", "minval", "maxval"},
    {Initializer::Kind::random_normal, "RandomNormal", "mean", "stddev"},
    {Initializer::Kind::truncated_normal, "TruncatedNormal", "mean", "stddev"},
};

const Arguments* arguments_of(Initializer::Kind kind) {
    for (const Arguments& a : initializer_arguments)
        if (a.kind == kind) return &a;
    return nullptr;
}

Json json_of(const Initializer& initializer) {
    const Arguments* arguments = arguments_of(initializer.kind());
    if (arguments == nullptr) return name_of(initializer.kind());
    Json json{{"type", arguments->type}, {arguments->first, initializer.first()}};
    if (arguments->second != nullptr) json[arguments->second] = initializer.second();
    return json;
}

Initializer with_arguments(Initializer::Kind kind, double first, double second) {
    switch (kind) {
        case Initializer::Kind::constant: return initializers::Constant{first};
        case Initializer::Kind::random_uniform: return initializers::RandomUniform{first, second};
        case Initializer::Kind::random_normal: return initializers::RandomNormal{first, second};
        case Initializer::Kind::truncated_normal: return initializers::TruncatedNormal{first, second};
        default: return kind;
    }
}

class Writer final : public FieldVisitor {
public:
    Json json = Json::object();
    void field(const char* key, std::int64_t& value) override { json[key] = value; }
    void field(const char* key, double& value) override { json[key] = value; }
    void field(const char* key, std::array<double, 2>& value) override { json[key] = value; }
    void field(const char* key, bool& value) override { json[key] = value; }
    void field(const char* key, std::string& value) override { json[key] = value; }
    void field(const char* key, std::array<std::int64_t, 2>& value) override { json[key] = value; }
    void field(const char* key, std::array<std::array<std::int64_t, 2>, 2>& value) override { json[key] = value; }
    void field(const char* key, Shape& value) override { json[key] = value; }
    void field(const char* key, Initializer& value) override { json[key] = json_of(value); }
    void field(const char* key, Regularizer& value) override {
        json[key] = value.none() ? Json() : Json{{"type", "L1L2"}, {"l1", value.l1}, {"l2", value.l2}};
    }
};

class Reader final : public FieldVisitor {
public:
    Reader(std::string_view type, const Json& json) : type_(type), json_(json) {}

    void field(const char* key, std::int64_t& value) override {
        if (const Json* j = find_one(key)) value = integer(key, *j);
    }
    void field(const char* key, double& value) override {
        const Json* j = find_one(key);
        if (j == nullptr) return;
        wrong_type_unless(j->is_number(), key, "a number", *j);
        value = j->get<double>();
    }
    // An interval (lower, upper), in either order; one number f is (-f, f).
    void field(const char* key, std::array<double, 2>& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        const bool two = j->is_array() && j->size() == 2 && (*j)[0].is_number() && (*j)[1].is_number();
        wrong_type_unless(two || j->is_number(), key, "a number or two of them", *j);
        const double first = two ? (*j)[0].get<double>() : -j->get<double>();
        const double second = two ? (*j)[1].get<double>() : j->get<double>();
        value = {std::min(first, second), std::max(first, second)};
    }
    void field(const char* key, bool& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        wrong_type_unless(j->is_boolean(), key, "true or false", *j);
        value = j->get<bool>();
    }
    void field(const char* key, std::string& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        wrong_type_unless(j->is_string(), key, "a name", *j);
        value = j->get<std::string>();
    }
    void field(const char* key, std::array<std::int64_t, 2>& value) override {
        if (const Json* j = find(key)) value = pair(key, *j);
    }
    void field(const char* key, std::array<std::array<std::int64_t, 2>, 2>& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        if (j->is_array() && j->size() == 2 && (*j)[0].is_array()) {
            value = {pair(key, (*j)[0]), pair(key, (*j)[1])};
        } else {
            const auto [first, second] = pair(key, *j);
            value[0].fill(first);
            value[1].fill(second);
        }
    }
    void field(const char* key, Shape& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        wrong_type_unless(j->is_array() && j->size() <= 32, key, "a list of whole numbers", *j);
        value.clear();
        for (const Json& dim : *j) value.push_back(integer(key, dim));
    }

    void field(const char* key, Initializer& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        const std::string name = name_in(key, *j);
        value = Initializer::parse(type_, name);
        if (!j->is_object()) return;
        const Arguments* arguments = arguments_of(value.kind());
        const std::vector<std::string_view> known = arguments == nullptr ? std::vector<std::string_view>{}
                                                    : arguments->second == nullptr
                                                        ? std::vector<std::string_view>{arguments->first}
                                                        : std::vector<std::string_view>{arguments->first, arguments->second};
        const std::vector<double> numbers = numbers_in(key, *j, name, known, {value.first(), value.second()});
        value = with_arguments(value.kind(), numbers[0], numbers[1]);
    }
    void field(const char* key, Regularizer& value) override {
        const Json* j = find(key);
        if (j == nullptr) return;
        const std::string name = name_in(key, *j);
        value = Regularizer::parse(type_, name);
        if (!j->is_object()) return;
        std::vector<std::string_view> known;
        if (name != "L2" && name != "l2") known.emplace_back("l1");
        if (name != "L1" && name != "l1") known.emplace_back("l2");
        const bool only_second = known[0] == "l2";
        const std::vector<double> numbers =
            numbers_in(key, *j, name, known, only_second ? std::vector{value.l2, 0.0} : std::vector{value.l1, value.l2});
        (only_second ? value.l2 : value.l1) = numbers[0];
        if (known.size() == 2) value.l2 = numbers[1];
    }

    void refuse_unknown() const {
        std::vector<std::string_view> known(seen_.begin(), seen_.end());
        for (const auto& [key, value] : json_.items()) {
            if (key == "type" || seen_.count(key) != 0) continue;
            const bool later =
                std::find(std::begin(arguments_not_yet), std::end(arguments_not_yet), key) != std::end(arguments_not_yet);
            if (later && value.is_null()) continue;
            require<NotImplemented>(!later, "[{}] {} is not implemented yet; got {}={}; leave it out", type_, key, key,
                                    value.dump());
            fail("[{}] unknown argument; got \"{}\"; it takes {}{}", type_, key, list_of(known), did_you_mean(key, known));
        }
    }

private:
    // The value of a key, nullptr when it is absent or null.
    const Json* find(const char* key) {
        seen_.insert(key);
        const auto it = json_.find(key);
        return it == json_.end() || it->is_null() ? nullptr : &*it;
    }
    // For one number, which may stand in a list where Keras takes several.
    const Json* find_one(const char* key) {
        const Json* j = find(key);
        const std::pair<std::string_view, std::string_view> place(type_, key);
        if (j == nullptr || !j->is_array() ||
            std::find(std::begin(lists_not_yet), std::end(lists_not_yet), place) == std::end(lists_not_yet))
            return j;
        require<NotImplemented>(j->size() == 1, "[{}] several numbers for {} are not implemented yet; got {}={}; give one",
                                type_, key, key, j->dump());
        return &(*j)[0];
    }
    void wrong_type_unless(bool right, const char* key, const char* wanted, const Json& got) const {
        require<TypeMismatch>(right, "[{}] {} must be {}; got {}={}; change its type", type_, key, wanted, key, got.dump());
    }
    // Of an initializer or regularizer: a name, or {"type": name, its arguments}.
    std::string name_in(const char* key, const Json& j) const {
        if (j.is_string()) return j.get<std::string>();
        const auto name = j.is_object() ? j.find("type") : j.end();
        wrong_type_unless(j.is_object() && name != j.end() && name->is_string(), key, "a name, or a type with its arguments",
                          j);
        return name->get<std::string>();
    }
    // The numbers of the arguments `known` in j, where absent those of `defaults`.
    std::vector<double> numbers_in(const char* key, const Json& j, const std::string& name,
                                   const std::vector<std::string_view>& known, std::vector<double> defaults) const {
        for (const auto& [argument, value] : j.items()) {
            if (argument == "type" || (argument == "seed" && value.is_null())) continue;
            const auto at = std::find(known.begin(), known.end(), argument);
            require<NotImplemented>(argument != "seed",
                                    "[{}] initializers draw from the model's seed; got {}.seed={}; leave it out", type_, key,
                                    value.dump());
            require(at != known.end(), "[{}] unknown argument of {}; got \"{}\" in {}; it takes {}{}", type_, name, argument,
                    key, known.empty() ? "none" : list_of(known), did_you_mean(argument, known));
            wrong_type_unless(value.is_number(), key, "made of numbers", j);
            defaults[static_cast<std::size_t>(at - known.begin())] = value.get<double>();
        }
        return defaults;
    }
    // Two whole numbers, or one that stands for both.
    std::array<std::int64_t, 2> pair(const char* key, const Json& j) const {
        if (j.is_array() && j.size() == 2) return {integer(key, j[0]), integer(key, j[1])};
        wrong_type_unless(j.is_number_integer(), key, "a whole number or two of them", j);
        return {integer(key, j), integer(key, j)};
    }
    std::int64_t integer(const char* key, const Json& j) const {
        wrong_type_unless(j.is_number_integer(), key, "a whole number", j);
        require(!j.is_number_unsigned() || j.get<std::uint64_t>() <= INT64_MAX,
                "[{}] {} is too large; got {}; give a smaller number", type_, key, j.dump());
        return j.get<std::int64_t>();
    }

    std::string_view type_;
    const Json& json_;
    std::set<std::string_view> seen_;
};

std::shared_ptr<LayerImpl> make_by_type(const std::string& type) {
    for (const Kind& kind : kinds)
        if (kind.type == type) return kind.make();
    const bool later = std::find(std::begin(layers_not_yet), std::end(layers_not_yet), type) != std::end(layers_not_yet);
    const std::vector<std::string_view> known = known_layers();
    require<NotImplemented>(!later, "[{}] this layer is not implemented yet; got type=\"{}\"; use {}", type, type,
                            list_of(known));
    fail("[layers] unknown layer; got type=\"{}\"; use {}{}", type, list_of(known), did_you_mean(type, known));
}

}  // namespace

std::string to_json(const Layer& layer) {
    Writer writer;
    writer.json["type"] = layer.type();
    const_cast<LayerImpl&>(layer.impl()).visit(writer);  // a writer changes nothing
    try {
        return writer.json.dump();
    } catch (const Json::exception&) {
        fail("[{}] names must be UTF-8; got a name that is not; choose another", layer.type());
    }
}

Layer layer_from_json(std::string_view text) {
    const FpGuard guard;  // decimal text is rounded to nearest
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
        require(depth <= 8,
                "[layers] a layer's arguments are numbers, names and short lists; got lists in lists in lists; use numbers, "
                "names and short lists");
        return true;
    };
    const Json json = Json::parse(text, shallow, /*allow_exceptions=*/false);
    require<TypeMismatch>(!json.is_discarded(),
                          "[layers] a layer is described in JSON; got {} bytes of something else; give valid JSON",
                          text.size());
    require<TypeMismatch>(json.is_object(),
                          "[layers] a layer is an object with a type; got {}; give {{\"type\": name, arguments}}", json.dump());
    const auto type = json.find("type");
    require(type != json.end() && type->is_string(), "[layers] a layer needs a type; got {}; add type = \"Dense\"",
            json.dump());
    const std::shared_ptr<LayerImpl> impl = make_by_type(type->get<std::string>());
    Reader reader(impl->type(), json);
    impl->visit(reader);
    reader.refuse_unknown();
    impl->validate();
    return Layer(std::shared_ptr<const LayerImpl>(impl));
}

std::vector<std::string_view> known_layers() {
    std::vector<std::string_view> names;
    for (const Kind& kind : kinds) names.push_back(kind.type);
    return names;
}

}  // namespace samebits
