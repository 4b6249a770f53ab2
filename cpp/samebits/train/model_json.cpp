#include "samebits/train/model_json.h"

#include <nlohmann/json.hpp>
#include <set>

#include "samebits/base/check.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/layers/input.h"
#include "samebits/train/json_text.h"
#include "samebits/train/loss_json.h"
#include "samebits/version.h"

namespace samebits {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& json) {
    try {
        return json.dump();
    } catch (const Json::exception&) {
        fail("[model] names must be UTF-8; got a name that is not; choose another");
    }
}

template <class T>
T get(const Json& json, const char* key) {
    const auto it = json.find(key);
    require(it != json.end(),
            "[model] the description has no \"{}\"; got an incomplete or foreign file; give what to_json or save wrote", key);
    if constexpr (std::is_integral_v<T>)  // get() would cut fractions off and wrap what is negative
        require<TypeMismatch>(std::is_signed_v<T> ? it->is_number_integer() : it->is_number_unsigned(),
                              "[model] \"{}\" must be a whole number; got {}; give what to_json or save wrote", key,
                              it->dump().substr(0, 80));
    try {
        return it->get<T>();
    } catch (const Json::exception&) {
        fail<TypeMismatch>("[model] \"{}\" has another type; got {}; give what to_json or save wrote", key,
                           it->dump().substr(0, 80));
    }
}

Shape input_shape(const Json& json) {
    const Json dims = get<Json>(json, "input_shape");
    bool good = dims.is_array() && dims.size() <= 32;
    for (std::size_t i = 0; good && i < dims.size(); ++i) good = dims[i].is_number_integer();
    require<TypeMismatch>(good, "[model] \"input_shape\" is a list of whole numbers; got {}; give what to_json or save wrote",
                          dims.dump().substr(0, 80));
    return dims.get<Shape>();
}

Json architecture(ModelImpl& model) {
    Json layers = Json::array();
    for (const Layer& layer : model.layers) layers.push_back(parse(to_json(layer)));
    const char* kind = model.functional ? "Functional" : "Sequential";
    Json json{{"class_name", kind}, {"name", model.name}, {"seed", model.seed}, {"profile", profile}};
    json["input_shape"] = !model.functional && model.is_built() ? Json(model.input_shape_of()) : Json();
    json["layers"] = layers;
    if (!model.functional) return json;
    // {"layer": place in layers, "inputs": earlier calls}, in the order of execution.
    json["calls"] = Json::array();
    for (const Topology::Call& call : model.functional->calls)
        json["calls"].push_back({{"layer", call.layer}, {"inputs", call.inputs}});
    json["inputs"] = model.functional->inputs;
    json["outputs"] = model.functional->outputs;
    return json;
}

// Numbers from 0 to below `end`.
std::vector<int> places(const Json& json, const char* key, std::size_t end) {
    std::vector<int> list;
    for (const Json& item : get<std::vector<Json>>(json, key)) {
        require(item.is_number_unsigned() && item.get<std::uint64_t>() < end,
                "[model] \"{}\" counts from 0 to below {}; got {}; give what to_json or save wrote", key, end,
                item.dump().substr(0, 80));
        list.push_back(item.get<int>());
    }
    return list;
}

Topology read_topology(const Json& json, std::vector<Layer> layers) {
    Topology topology;
    for (const Json& call : get<std::vector<Json>>(json, "calls")) {
        const auto layer = get<std::uint64_t>(call, "layer");
        require(layer < layers.size(), "[model] a call's layer is one of {}; got {}; give what to_json or save wrote",
                layers.size(), layer);
        const bool is_input = layers[layer].type() == "InputLayer";
        topology.calls.push_back({static_cast<int>(layer), places(call, "inputs", topology.calls.size())});
        require(topology.calls.back().inputs.empty() == is_input,
                "[model] layers are called on inputs, InputLayers are not; got {}; give what to_json or save wrote",
                call.dump().substr(0, 80));
    }
    std::vector<int> uses(layers.size(), 0);
    int seen = 0;
    for (const Topology::Call& call : topology.calls) {
        if (uses[static_cast<std::size_t>(call.layer)]++ > 0) continue;
        require(
            call.layer == seen,
            "[model] layers stand in the order of their first calls; got layer {} before {}; give what to_json or save wrote",
            call.layer, seen);
        ++seen;
    }
    require(seen == static_cast<int>(layers.size()),
            "[model] every layer is called; got {} calls of {} layers; give what to_json or save wrote", topology.calls.size(),
            layers.size());
    topology.inputs = places(json, "inputs", topology.calls.size());
    topology.outputs = places(json, "outputs", topology.calls.size());
    for (const std::vector<int>* list : {&topology.inputs, &topology.outputs})
        require(std::set<int>(list->begin(), list->end()).size() == list->size(),
                "[model] inputs and outputs are named once; got {}; give what to_json or save wrote",
                json[list == &topology.inputs ? "inputs" : "outputs"].dump().substr(0, 80));
    for (const int input : topology.inputs)
        require(topology.calls[static_cast<std::size_t>(input)].inputs.empty(),
                "[model] inputs are InputLayers; got call {}; give what to_json or save wrote", input);
    const auto inputs =
        std::count_if(topology.calls.begin(), topology.calls.end(), [](const auto& c) { return c.inputs.empty(); });
    require(!topology.outputs.empty() && static_cast<std::ptrdiff_t>(topology.inputs.size()) == inputs,
            "[model] a model names all its inputs and at least one output; got {} of {} inputs, {} outputs; give what to_json "
            "or save wrote",
            topology.inputs.size(), inputs, topology.outputs.size());
    topology.layers = std::move(layers);
    return topology;
}

std::unique_ptr<ModelImpl> from_architecture(const Json& json) {
    require<TypeMismatch>(json.is_object(), "[model] a description is an object; got {}; give what to_json or save wrote",
                          json.dump().substr(0, 80));
    const auto wanted = get<std::int64_t>(json, "profile");
    require<NotImplemented>(
        wanted == profile,
        "[model] this version computes by numerics profile {}; got profile {}; use the version that wrote it", profile, wanted);
    const auto type = get<std::string>(json, "class_name");
    require<NotImplemented>(type == "Sequential" || type == "Functional",
                            "[model] only Sequential and Functional models can be read; got {}; give one of these", type);
    auto model = std::make_unique<ModelImpl>();
    model->name = get<std::string>(json, "name");
    model->seed = get<std::uint64_t>(json, "seed");
    std::vector<Layer> layers;
    for (const Json& layer : get<std::vector<Json>>(json, "layers")) layers.push_back(layer_from_json(layer.dump()));
    if (type == "Functional") {
        model->set_topology(read_topology(json, std::move(layers)));
    } else {
        for (const Layer& layer : layers) model->add(layer);
    }
    return model;
}

// Layers and shapes without weights.
std::unique_ptr<Graph> draft_of(const ModelImpl& model, const Shape& input) {
    auto graph = std::make_unique<Graph>();
    graph->add(layers::Input{.shape = input}, {});
    for (const Layer& layer : model.layers) graph->add(layer, {static_cast<int>(graph->nodes().size()) - 1});
    return graph;
}

Json counters(const ModelImpl& model) {
    Json json{{"epoch", model.epoch}, {"step", model.step}};
    if (model.engine == nullptr || !model.engine->compiled()) return json;
    const Optimizer::Counters& c = model.engine->optimizer().counters();
    json["iterations"] = c.iterations;
    json["beta_1_power"] = c.beta_1_power;
    json["beta_2_power"] = c.beta_2_power;
    return json;
}

void restore_counters(ModelImpl& model, const Json& json) {
    model.epoch = get<std::int64_t>(json, "epoch");
    model.step = get<std::int64_t>(json, "step");
    const auto is_count = [](std::int64_t n) { return n >= 0 && n < std::int64_t{1} << 53; };
    require(is_count(model.epoch) && is_count(model.step),
            "[model] counters are from 0 to 2^53; got {}; give what to_json or save wrote", json.dump());
    if (!model.compile_options) return;
    const Optimizer::Counters c{get<std::int64_t>(json, "iterations"), get<double>(json, "beta_1_power"),
                                get<double>(json, "beta_2_power")};
    const auto is_power = [](double power) { return power >= 0 && power <= 1; };
    require(is_count(c.iterations) && is_power(c.beta_1_power) && is_power(c.beta_2_power),
            "[model] iterations are from 0 to 2^53, powers of the betas from 0 to 1; got {}; give what to_json or save wrote",
            json.dump());
    model.engine->optimizer().set_counters(c);
}

}  // namespace

std::string architecture_json(ModelImpl& model) { return dump(architecture(model)); }

std::string state_json(ModelImpl& model) {
    Json json = architecture(model);
    Json names = Json::array();
    for (const Weight& weight : model.graph->weights()) names.push_back(weight.name);
    json["weights"] = names;
    json["counters"] = counters(model);
    if (!model.compile_options) return dump(json);
    const CompileOptions& options = *model.compile_options;
    json["compile"] = {{"optimizer", parse(optimizer_to_json(options.optimizer))},
                       {"loss", parse(losses_to_json(options.loss))},
                       {"metrics", parse(metrics_to_json(options.metrics))}};
    if (!options.loss_weights.empty()) json["compile"]["loss_weights"] = options.loss_weights;
    for (const auto& metrics : options.output_metrics)
        json["compile"]["output_metrics"].push_back(parse(metrics_to_json(metrics)));
    return dump(json);
}

std::unique_ptr<ModelImpl> model_from_architecture(const std::string& text) {
    const Json json = parse(text);
    auto model = from_architecture(json);
    if (!model->functional && !get<Json>(json, "input_shape").is_null() && !model->is_built()) model->build(input_shape(json));
    return model;
}

std::unique_ptr<ModelImpl> model_from_state(const std::string& text, std::int64_t parameters) {
    const Json json = parse(text);
    auto model = from_architecture(json);
    const std::int64_t described =
        model->draft ? model->draft->parameter_count() : draft_of(*model, input_shape(json))->parameter_count();
    require(described <= parameters,
            "[model] the description has {} parameters; got {} in the file; give what to_json or save wrote", described,
            parameters);
    if (const auto compile = json.find("compile"); compile != json.end()) {
        model->compile_options = CompileOptions{optimizer_from_json(get<Json>(*compile, "optimizer").dump()),
                                                losses_from_json(get<Json>(*compile, "loss").dump()),
                                                metrics_from_json(get<Json>(*compile, "metrics").dump())};
        if (compile->contains("loss_weights"))
            model->compile_options->loss_weights = get<std::vector<double>>(*compile, "loss_weights");
        if (compile->contains("output_metrics"))
            for (const Json& metrics : get<std::vector<Json>>(*compile, "output_metrics"))
                model->compile_options->output_metrics.push_back(metrics_from_json(metrics.dump()));
    }
    if (model->functional) {
        require(model->is_built(), "[model] a functional model has a layer; got none; give what to_json or save wrote");
    } else {
        model->build(input_shape(json));
    }
    restore_counters(*model, get<Json>(json, "counters"));
    return model;
}

std::vector<std::string> weight_names_of_state(const std::string& text) {
    return get<std::vector<std::string>>(parse(text), "weights");
}

}  // namespace samebits
