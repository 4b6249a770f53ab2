#include "samebits/graph/graph.h"

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/base/stream.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/named.h"
#include "samebits/graph/symbol.h"

namespace samebits {
namespace {

struct Answer {
    Shape output_shape;
    std::vector<WeightSpec> weights;
};

// What a layer makes of its inputs.
Answer ask(const Layer& layer, const std::string& name, const std::vector<Shape>& inputs) {
    return named(name, [&] {
        Shape shape = layer.impl().output_shape(inputs);
        element_count(shape);
        return Answer{std::move(shape), layer.impl().weights(inputs)};
    });
}

}  // namespace

std::string Graph::choose_name(const Layer& layer) {
    if (!layer.name().empty()) {
        require(names_.count(layer.name()) == 0, "[{}] layer names must differ; got name=\"{}\" twice; choose another",
                layer.type(), layer.name());
        require(layer.name().find_first_of(std::string_view("/:\0", 3)) == std::string::npos,
                "[{}] a layer name has no '/', ':' or NUL; got name=\"{}\"; choose another name", layer.type(), layer.name());
        return layer.name();
    }
    const std::string base = layer.type() == "InputLayer" ? "input_layer" : snake_case(layer.type());
    const auto numbered = [&](int i) { return i == 0 ? base : fmt::format("{}_{}", base, i); };
    int& i = first_number_[base];
    while (names_.count(numbered(i)) != 0) ++i;
    return numbered(i);
}

void Graph::claim_stream(std::string_view purpose, const std::string& name) {
    const std::uint32_t stream = stream_of(purpose, name);
    for (const auto& [other, who] : streams_)
        require(other != stream, "[model] two names fall on one random stream; got {}:{} and {}; rename the layer", purpose,
                name, who);
    streams_.emplace_back(stream, fmt::format("{}:{}", purpose, name));
}

int Graph::add(const Layer& layer, const std::vector<int>& inputs) {
    Node node{choose_name(layer), layer, inputs, {}, {}};
    Answer answer = ask(layer, node.name, shapes_of(inputs));
    node.output_shape = std::move(answer.output_shape);
    if (!layer.impl().random_purpose().empty()) claim_stream(layer.impl().random_purpose(), node.name);
    for (const WeightSpec& spec : answer.weights) {
        const std::string name = node.name + "/" + spec.name;
        require(element_count(spec.shape) <= std::int64_t{1} << 32,
                "[{}] a weight has at most 2^32 elements; got {} of shape {}; make the layer smaller", layer.type(), name,
                to_string(spec.shape));
        claim_stream("init", name);
        node.weights.push_back(static_cast<int>(weights_.size()));
        weights_.push_back({name, {}, spec.trainable, spec.regularizer});
        weight_plans_.push_back({spec.shape, spec.initializer, spec.fan_in, spec.fan_out});
    }
    names_.insert(node.name);
    nodes_.push_back(std::move(node));
    return static_cast<int>(nodes_.size()) - 1;
}

int Graph::call(int first, const std::vector<int>& inputs) {
    const Node& owner = node(first);
    int calls = 1;
    for (const Node& other : nodes_) calls += other.name.rfind(owner.name + ":", 0) == 0 ? 1 : 0;
    Node node{fmt::format("{}:{}", owner.name, calls), owner.layer, inputs, {}, owner.weights};
    Answer answer = ask(owner.layer, owner.name, shapes_of(inputs));
    node.output_shape = std::move(answer.output_shape);
    const std::vector<WeightSpec>& specs = answer.weights;
    ensure(specs.size() == node.weights.size(), "a shared layer has other weights on another input");
    for (std::size_t i = 0; i < specs.size(); ++i) {
        const Shape& shape = weight_plans_[static_cast<std::size_t>(node.weights[i])].shape;
        require(specs[i].shape == shape,
                "[{}] \"{}\": a shared layer's inputs must fit one {}; got shape {} and now {}; use two layers",
                node.layer.type(), owner.name, specs[i].name, to_string(shape), to_string(specs[i].shape));
    }
    if (!node.layer.impl().random_purpose().empty()) claim_stream(node.layer.impl().random_purpose(), node.name);
    nodes_.push_back(std::move(node));
    return static_cast<int>(nodes_.size()) - 1;
}

std::vector<Shape> Graph::shapes_of(const std::vector<int>& inputs) const {
    std::vector<Shape> shapes;
    for (const int i : inputs) {
        ensure(i >= 0 && i < static_cast<int>(nodes_.size()), "a node's inputs must come before it");
        shapes.push_back(node(i).output_shape);
    }
    return shapes;
}

Graph make_graph(const Topology& topology) {
    Graph graph;
    std::vector<int> first(topology.layers.size(), -1);
    for (const Topology::Call& call : topology.calls) {
        int& owner = first[static_cast<std::size_t>(call.layer)];
        if (owner < 0) {
            owner = graph.add(topology.layers[static_cast<std::size_t>(call.layer)], call.inputs);
        } else {
            graph.call(owner, call.inputs);
        }
    }
    graph.input_nodes = topology.inputs;
    graph.output_nodes = topology.outputs;
    return graph;
}

std::int64_t Graph::parameter_count() const {
    std::int64_t count = 0;
    for (const WeightPlan& plan : weight_plans_) count += element_count(plan.shape);
    return count;
}

void Graph::initialize_weights(std::uint64_t seed) {
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        const WeightPlan& plan = weight_plans_[i];
        weights_[i].value = Tensor(plan.shape);
        initialize(plan.initializer, seed, weights_[i].name, plan.fan_in, plan.fan_out, weights_[i].value.values());
    }
}

Graph::Forward Graph::forward(Builder& builder) const {
    Forward values;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
        builder.enter(weights_[i].name.substr(0, weights_[i].name.find('/')), Phase::forward);
        values.weights.push_back(builder.weight(weight_plans_[i].shape, weights_[i].trainable));
    }
    for (const Node& node : nodes_) {
        builder.enter(node.name, Phase::forward);
        std::vector<Value> inputs;
        std::vector<Value> weights;
        for (const int input : node.inputs) inputs.push_back(values.nodes[static_cast<std::size_t>(input)]);
        for (const int weight : node.weights) weights.push_back(values.weights[static_cast<std::size_t>(weight)]);
        values.nodes.push_back(named(node.name, [&] { return node.layer.impl().forward(builder, inputs, weights); }));
    }
    return values;
}

}  // namespace samebits
