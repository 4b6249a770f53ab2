#include "samebits/train/recipe_model.h"

#include <map>
#include <optional>

#include "samebits/graph/graph.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/layers/input.h"

namespace samebits {
namespace {

using Json = nlohmann::json;

// A layer's entry: its own arguments, and where it stands in the graph.
struct Entry {
    Json arguments;
    std::optional<Json> inputs, call;
};

Entry split(const Json& json) {
    Entry entry{json, {}, {}};
    if (!json.is_object()) return entry;
    if (json.contains("inputs")) entry.inputs = json["inputs"];
    if (json.contains("call")) entry.call = json["call"];
    entry.arguments.erase("inputs");
    entry.arguments.erase("call");
    return entry;
}

std::vector<std::string> names(const Json& json) {
    const Json list = json.is_string() ? Json::array({json}) : json;
    require<TypeMismatch>(list.is_array() && !list.empty(),
                          "[model] inputs and outputs are names of layers; got {}; write a list of names", json.dump());
    std::vector<std::string> result;
    for (const Json& name : list) {
        require<TypeMismatch>(name.is_string(), "[model] inputs and outputs are names of layers; got {}; write a list of names",
                              json.dump());
        result.push_back(name.get<std::string>());
    }
    return result;
}

// What was made so far, by name.
class Made {
public:
    const Symbol& symbol(const std::string& name) const {
        const auto it = symbols_.find(name);
        if (it != symbols_.end()) return it->second;
        std::vector<std::string_view> known;
        for (const auto& [other, symbol] : symbols_) known.emplace_back(other);
        fail("[model] no layer of this name stands before; got \"{}\"; {}{}", name,
             known.empty() ? "none has a name" : "there are " + list_of(known), did_you_mean(name, known));
    }
    void add(const Layer& layer, const std::string& name, const Symbol& symbol) {
        last_ = symbol;
        if (layer.type() == "InputLayer" && symbol.node().inputs.empty()) inputs_.push_back(symbol);
        if (name.empty()) return;
        require(symbols_.emplace(name, symbol).second, "[model] names must differ; got name=\"{}\" twice; choose another",
                name);
    }
    [[nodiscard]] const Symbol& last() const {
        require(last_.has_value(),
                "[model] a graph starts with an InputLayer; got a layer without inputs before any; put one first");
        return *last_;
    }
    [[nodiscard]] const std::vector<Symbol>& inputs() const { return inputs_; }

private:
    std::map<std::string, Symbol> symbols_;
    std::vector<Symbol> inputs_;
    std::optional<Symbol> last_;
};

void call(Made& made, const Entry& entry) {
    std::vector<Symbol> from;
    if (entry.inputs)
        for (const std::string& name : names(*entry.inputs)) from.push_back(made.symbol(name));
    if (entry.call) {
        require<TypeMismatch>(entry.call->is_string(), "[model] call is the name of a layer; got {}; write a name",
                              entry.call->dump());
        for (const auto& [key, value] : entry.arguments.items())
            require(key == "name" && value.is_string(), "[model] a call has inputs and a name; got {}; leave it out", key);
        if (from.empty()) from.push_back(made.last());
        const Layer layer = made.symbol(entry.call->get<std::string>()).node().layer;
        made.add(layer, entry.arguments.value("name", ""), layer(from));
        return;
    }
    const Layer layer = layer_from_json(entry.arguments.dump());
    if (layer.type() == "InputLayer") return made.add(layer, layer.name(), Input(layer));
    if (from.empty()) from.push_back(made.last());
    made.add(layer, layer.name(), layer(from));
}

}  // namespace

RecipeModel read_model(RecipeTable table) {
    const Json& list = table.need("layers");
    if (!list.is_array() || list.empty())
        table.stop<TypeMismatch>("layers", fmt::format("must be a list of layers, at least one; got {}; write them in brackets",
                                                       list.dump().substr(0, 80)));
    const Json* outputs = table.find("outputs");
    table.refuse_unknown();
    bool graph = outputs != nullptr;
    std::size_t inputs = 0;
    for (const Json& json : list) {
        graph = graph || (json.is_object() && (json.contains("inputs") || json.contains("call")));
        inputs += json.is_object() && json.value("type", Json()) == "InputLayer" ? 1 : 0;
    }
    graph = graph || inputs > 1;
    RecipeModel model;
    Made made;
    Json canonical = Json::array();
    for (std::size_t i = 0; i < list.size(); ++i)
        table.at("layers/" + std::to_string(i), [&] {
            const Entry entry = split(list[i]);
            if (!graph) {
                model.chain.push_back(layer_from_json(entry.arguments.dump()));
                canonical.push_back(Json::parse(to_json(model.chain.back())));
                return;
            }
            call(made, entry);
            Json full =
                entry.call ? Json{{"name", entry.arguments.value("name", "")}} : Json::parse(to_json(made.last().node().layer));
            if (entry.call) full["call"] = *entry.call;
            if (entry.inputs) full["inputs"] = names(*entry.inputs);
            canonical.push_back(full);
        });
    Json json{{"layers", canonical}};
    if (graph) {
        model.inputs = made.inputs();
        std::vector<std::string> wanted;
        if (outputs != nullptr) wanted = table.at("outputs", [&] { return names(*outputs); });
        for (const std::string& name : wanted) model.outputs.push_back(table.at("outputs", [&] { return made.symbol(name); }));
        if (wanted.empty()) model.outputs.push_back(made.last());
        json["outputs"] = wanted;
        table.at("", [&] { make_graph(trace(model.inputs, model.outputs)); });
    }
    model.json = json.dump();
    return model;
}

void check_chain(const Recipe::Content& recipe, const Shape& sample) {
    const Json json = Json::parse(recipe.toml.json)["model"];
    const RecipeTable table(recipe, json, "/model");
    const std::vector<Layer>& layers = recipe.model.chain;
    Sequential chain;
    if (layers[0].type() != "InputLayer") chain.add(layers::Input{.shape = sample});
    for (std::size_t i = 0; i < layers.size(); ++i) table.at("layers/" + std::to_string(i), [&] { chain.add(layers[i]); });
}

}  // namespace samebits
