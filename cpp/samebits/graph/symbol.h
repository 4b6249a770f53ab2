// The functional front: layers called on tensors that have no values yet, and the DAG that such calls make.
//
//     Symbol x = Input({32, 32, 3});
//     Symbol y = Layer(layers::Conv2D{.filters = 8, .kernel_size = {3, 3}})(x);
//     Symbol z = Layer(layers::Add{})({y, shortcut});
//     Model model(x, z);
//
// A Layer called twice shares its weights; copies of a Layer are the same layer.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/shape.h"
#include "samebits/graph/layer.h"

namespace samebits {

class SAMEBITS_API Symbol {
public:
    struct Node;
    explicit Symbol(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

    // Of one sample.
    [[nodiscard]] const Shape& shape() const;
    [[nodiscard]] const Node& node() const { return *node_; }

private:
    std::shared_ptr<const Node> node_;
};

// One call: a layer on earlier symbols.
struct Symbol::Node {
    Layer layer;
    std::vector<Symbol> inputs;
    Shape shape;
};

// Samples of this shape. Throws InvalidArgument as layers::Input does.
SAMEBITS_API Symbol Input(const Shape& shape, const std::string& name = "");
// From an InputLayer.
SAMEBITS_API Symbol Input(const Layer& layer);

// Layers and calls between inputs and outputs, in an order that the graph alone decides.
struct Topology {
    struct Call {
        int layer;                // into layers
        std::vector<int> inputs;  // earlier calls
    };
    std::vector<Layer> layers;         // Keras's order of model.layers: by depth, then as reached from the outputs
    std::vector<Call> calls;           // in the order of execution
    std::vector<int> inputs, outputs;  // calls
};

// One layer after the other; layers[0] is an input layer.
SAMEBITS_API Topology chain(std::vector<Layer> layers);

// Throws InvalidArgument when an output needs an input that is not given, an input leads nowhere, or one is named twice.
SAMEBITS_API Topology trace(std::span<const Symbol> inputs, std::span<const Symbol> outputs);

}  // namespace samebits
