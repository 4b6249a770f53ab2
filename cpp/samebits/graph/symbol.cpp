#include "samebits/graph/symbol.h"

#include <algorithm>
#include <map>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/input.h"
#include "samebits/graph/named.h"

namespace samebits {
namespace {

using Node = const Symbol::Node*;
using Operation = const LayerImpl*;

// Keras's order (its Function class): every call's depth is its longest way to an output; layers by falling depth, those of
// one depth as a walk from the outputs, first input first, meets them.
class Tracer {
public:
    void walk(const Symbol& from) {
        // An explicit stack: models may be deeper than the machine's.
        struct Visit {
            const Symbol* symbol;
            std::size_t next;
        };
        std::vector<Visit> stack;
        const auto enter = [&](const Symbol& symbol) {
            if (!seen_.emplace(&symbol.node(), 0).second) return;
            met_.emplace(operation(symbol.node()), static_cast<int>(met_.size()));
            stack.push_back({&symbol, 0});
        };
        enter(from);
        while (!stack.empty()) {
            Visit& top = stack.back();
            const std::vector<Symbol>& inputs = top.symbol->node().inputs;
            if (top.next < inputs.size()) {
                const Symbol& input = inputs[top.next++];
                enter(input);
            } else {
                finished_.push_back(&top.symbol->node());
                stack.pop_back();
            }
        }
    }

    Topology order() {
        std::map<Operation, int> layer_depth;
        for (auto it = finished_.rbegin(); it != finished_.rend(); ++it) {
            int& depth = seen_[*it];
            int& own = layer_depth[operation(**it)];
            own = depth = std::max(depth, own);
            for (const Symbol& input : (*it)->inputs) {
                int& before = seen_[&input.node()];
                before = std::max(before, depth + 1);
            }
        }
        std::vector<Node> nodes = finished_;
        const auto first = [&](Node a, Node b) {
            if (seen_[a] != seen_[b]) return seen_[a] > seen_[b];
            return met_[operation(*a)] < met_[operation(*b)];
        };
        std::stable_sort(nodes.begin(), nodes.end(), first);
        Topology topology;
        std::map<Operation, int> layers;
        for (const Node node : nodes) {
            const auto [at, fresh] = layers.emplace(operation(*node), static_cast<int>(topology.layers.size()));
            if (fresh) topology.layers.push_back(node->layer);
            Topology::Call call{at->second, {}};
            for (const Symbol& input : node->inputs) call.inputs.push_back(call_[&input.node()]);
            call_[node] = static_cast<int>(topology.calls.size());
            topology.calls.push_back(std::move(call));
        }
        return topology;
    }

    [[nodiscard]] bool met(const Symbol& symbol) const { return seen_.count(&symbol.node()) != 0; }
    [[nodiscard]] int call_of(const Symbol& symbol) const { return call_.at(&symbol.node()); }
    [[nodiscard]] const std::vector<Node>& nodes() const { return finished_; }

private:
    static Operation operation(const Symbol::Node& node) { return &node.layer.impl(); }

    std::map<Node, int> seen_;      // depth
    std::map<Operation, int> met_;  // in which order
    std::vector<Node> finished_;
    std::map<Node, int> call_;
};

// `Dense "hidden"`.
std::string told(const Layer& layer) { return layer.type() + (layer.name().empty() ? "" : " \"" + layer.name() + "\""); }

void require_different(const char* what, std::span<const Symbol> symbols) {
    for (std::size_t i = 0; i < symbols.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            require(&symbols[i].node() != &symbols[j].node(),
                    "[Model] {} must differ; got one tensor as {} {} and {}; give each once", what, what, j, i);
}

}  // namespace

const Shape& Symbol::shape() const { return node_->shape; }

Symbol Input(const Shape& shape, const std::string& name) { return Input(Layer(layers::Input{.shape = shape, .name = name})); }

Symbol Input(const Layer& layer) {
    require(layer.type() == "InputLayer", "[Input] an input is an InputLayer; got {}; make it by Input(shape)", layer.type());
    return Symbol(std::make_shared<Symbol::Node>(Symbol::Node{layer, {}, layer.impl().output_shape({})}));
}

Symbol Layer::operator()(const std::vector<Symbol>& inputs) const {
    require(type() != "InputLayer", "[InputLayer] an input is not called on anything; got {} tensors; use Input()",
            inputs.size());
    require(!inputs.empty(), "[{}] a layer is called on at least one tensor; got none; give it one", type());
    std::vector<Shape> shapes;
    for (const Symbol& input : inputs) shapes.push_back(input.shape());
    const Shape shape = named(name(), [&] {
        Shape output = impl().output_shape(shapes);
        element_count(output);
        return output;
    });
    return Symbol(std::make_shared<Symbol::Node>(Symbol::Node{*this, inputs, shape}));
}

Symbol Layer::operator()(const Symbol& input) const { return (*this)(std::vector<Symbol>{input}); }

Topology chain(std::vector<Layer> layers) {
    Topology topology;
    for (int i = 0; i < static_cast<int>(layers.size()); ++i)
        topology.calls.push_back({i, i == 0 ? std::vector<int>{} : std::vector<int>{i - 1}});
    topology.inputs = {0};
    topology.outputs = {static_cast<int>(layers.size()) - 1};
    topology.layers = std::move(layers);
    return topology;
}

Topology trace(std::span<const Symbol> inputs, std::span<const Symbol> outputs) {
    require(!inputs.empty() && !outputs.empty(),
            "[Model] a model has at least one input and one output; got {} and {}; give both", inputs.size(), outputs.size());
    require_different("inputs", inputs);
    require_different("outputs", outputs);
    for (const Symbol& input : inputs)
        require(input.node().inputs.empty(),
                "[Model] inputs come from Input(); got the output of {}; give what Input() returned", told(input.node().layer));
    Tracer tracer;
    for (const Symbol& output : outputs) {
        require(!output.node().inputs.empty(),
                "[Model] an output comes from a layer; got an input of shape {}; put a layer between",
                with_batch(output.shape()));
        tracer.walk(output);
    }
    for (const Node node : tracer.nodes()) {
        const bool given = !node->inputs.empty() || std::any_of(inputs.begin(), inputs.end(),
                                                                [&](const Symbol& input) { return &input.node() == node; });
        require(given, "[Model] an output needs an input that is not among the inputs; got Input(shape={}){}; add it",
                to_string(node->shape), node->layer.name().empty() ? "" : " \"" + node->layer.name() + "\"");
    }
    for (std::size_t i = 0; i < inputs.size(); ++i)
        require(tracer.met(inputs[i]), "[Model] every input leads to an output; got input {} of shape {} unused; leave it out",
                i, with_batch(inputs[i].shape()));
    Topology topology = tracer.order();
    for (const Symbol& input : inputs) topology.inputs.push_back(tracer.call_of(input));
    for (const Symbol& output : outputs) topology.outputs.push_back(tracer.call_of(output));
    return topology;
}

}  // namespace samebits
