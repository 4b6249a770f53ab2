// A model's structure: nodes in execution order, each a layer applied to earlier nodes, and the weights they own. A DAG.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "samebits/base/stream.h"
#include "samebits/base/tensor.h"
#include "samebits/graph/builder.h"
#include "samebits/graph/initializer.h"
#include "samebits/graph/layer.h"
#include "samebits/graph/regularizer.h"

namespace samebits {

struct Weight {
    std::string name;  // "dense/kernel"
    Tensor value;
    bool trainable = true;
    Regularizer regularizer{};
};

struct Node {
    std::string name;  // unique in the graph: given, or "dense", "dense_1", ...
    Layer layer;
    std::vector<int> inputs;   // earlier nodes
    Shape output_shape;        // of one sample
    std::vector<int> weights;  // into Graph::weights
};

struct Topology;

class Graph {
public:
    // Appends a node and returns its number. Throws InvalidArgument when names meet, shapes cannot, or two weights or
    // dropouts would draw from one random stream.
    int add(const Layer& layer, const std::vector<int>& inputs);
    // The layer and the weights of an earlier node on other inputs; the node's name is "dense:1", "dense:2", ...
    int call(int node, const std::vector<int>& inputs);

    [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
    [[nodiscard]] const Node& node(int i) const { return nodes_[static_cast<std::size_t>(i)]; }
    // Input layers and the nodes whose outputs are the model's.
    std::vector<int> input_nodes, output_nodes;

    [[nodiscard]] const std::vector<Weight>& weights() const { return weights_; }
    std::vector<Weight>& weights() { return weights_; }
    [[nodiscard]] std::int64_t parameter_count() const;

    // Allocates and draws every weight.
    void initialize_weights(std::uint64_t seed);

    // The values of a forward pass that was written into a builder.
    struct Forward {
        std::vector<Value> nodes;    // each node's output
        std::vector<Value> weights;  // by weight
    };
    Forward forward(Builder& builder) const;

private:
    struct WeightPlan {
        Shape shape;
        Initializer initializer;
        std::int64_t fan_in, fan_out;
    };

    [[nodiscard]] std::vector<Shape> shapes_of(const std::vector<int>& inputs) const;
    [[nodiscard]] std::string choose_name(const Layer& layer);
    void claim_stream(std::string_view purpose, const std::string& name);

    std::vector<Node> nodes_;
    std::set<std::string> names_;
    std::map<std::string, int> first_number_;  // of default names: every lower one is taken
    std::vector<Weight> weights_;
    std::vector<WeightPlan> weight_plans_;
    std::vector<std::pair<std::uint32_t, std::string>> streams_{{stream_of("shuffle", "train"), "shuffle:train"}};
};

// Nodes in the order of execution, without weights.
Graph make_graph(const Topology& topology);

}  // namespace samebits
