// Normalization, functions and merging layers pass the public check; what moves and what is merged.
#include <string>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/graph/check_layer.h"
#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers.h"
#include "support/kernels.h"

using namespace samebits;
using samebits::test::first_difference;
using samebits::test::Floats;
using samebits::test::Numbers;

namespace {

// A program of one step over given arrays: training forward, the gradient dy of the last node backward, updates.
struct Run {
    Floats output;
    std::vector<Floats> input_gradients;
    std::vector<Floats> weights;  // after the step
};

Run run(Graph& graph, const std::vector<Floats>& inputs, const Floats& dy, std::int64_t batch, Mode mode = Mode::training) {
    Builder b(mode, batch, kernels::current());
    std::vector<Value> sources, nodes, weights;
    std::vector<std::byte*> external;
    std::vector<Floats> data = inputs;
    b.enter("input", Phase::forward);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        sources.push_back(b.weight({static_cast<std::int64_t>(inputs[i].size())}, true));
        external.push_back(reinterpret_cast<std::byte*>(data[i].data()));
    }
    for (Weight& w : graph.weights()) {
        weights.push_back(b.weight(w.value.shape(), w.trainable));
        external.push_back(reinterpret_cast<std::byte*>(w.value.data()));
    }
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
        const Node& node = graph.nodes()[i];
        b.enter(node.name, Phase::forward);
        if (i < inputs.size()) {
            const Value in = b.activation(node.output_shape);
            const BufferId from = b.buffer_of(sources[i]);
            b.step("input", {from}, {b.buffer_of(in)}, [=, to = b.buffer_of(in), n = inputs[i].size()](const Frame& f) {
                std::copy_n(f.data(from), n, f.data(to));
            });
            b.op(in, std::span(&sources[i], 1),
                 [=, source = sources[i]](Builder& builder, BufferId gradient) { builder.add_gradient(source, gradient); });
            nodes.push_back(in);
            continue;
        }
        std::vector<Value> in, own;
        for (const int n : node.inputs) in.push_back(nodes[static_cast<std::size_t>(n)]);
        for (const int w : node.weights) own.push_back(weights[static_cast<std::size_t>(w)]);
        nodes.push_back(node.layer.impl().forward(b, in, own));
    }
    const Value out = nodes.back();
    if (mode == Mode::training) {
        b.enter("loss", Phase::loss);
        const BufferId gradient = b.buffer(Role::gradient, dy.size() * sizeof(float));
        b.step("output gradient", {}, {gradient},
               [=, &dy](const Frame& f) { std::copy_n(dy.data(), dy.size(), f.data(gradient)); });
        b.add_gradient(out, gradient);
        b.backward();
        b.updates();
    }
    std::vector<BufferId> results{b.buffer_of(out)};
    for (const Value source : sources) results.push_back(b.gradient(source));
    Program program = b.finish(results);
    Plan plan = make_plan(program);
    const Executor executor(std::move(program), std::move(plan));
    Buffer arena(std::max<std::size_t>(executor.plan().arena_bytes, 1));
    Frame frame = executor.bind(arena.data(), external, 1);
    executor.run(frame, Phase::forward, Phase::update);
    Run result;
    const float* y = frame.data(results[0]);
    result.output.assign(y, y + batch * element_count(graph.nodes().back().output_shape));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const float* g = results[i + 1] == no_buffer ? nullptr : frame.data(results[i + 1]);
        result.input_gradients.push_back(g == nullptr ? Floats{} : Floats(g, g + inputs[i].size()));
    }
    for (const Weight& w : graph.weights()) result.weights.emplace_back(w.value.values().begin(), w.value.values().end());
    return result;
}

Run merge(const Layer& layer, const std::vector<Shape>& shapes, const std::vector<int>& uses, const std::vector<Floats>& inputs,
          const Floats& dy, std::int64_t batch) {
    Graph graph;
    for (const Shape& shape : shapes) graph.add(layers::Input{.shape = shape}, {});
    graph.add(layer, uses);
    graph.initialize_weights(1);
    return run(graph, inputs, dy, batch);
}

Floats times(const Floats& x, float factor) {
    Floats y = x;
    for (float& v : y) v *= factor;
    return y;
}

}  // namespace

TEST_CASE("check_layer: normalization") {
    for (const Shape& shape : {Shape{5}, Shape{4, 6}, Shape{3, 4, 2}, Shape{20, 30, 1}}) {
        CHECK_NOTHROW(check_layer(layers::BatchNormalization{}, shape, {.batch = 5}));
        CHECK_NOTHROW(check_layer(layers::LayerNormalization{}, shape.back() == 1 ? Shape{3, 70} : shape));
    }
    CHECK_NOTHROW(check_layer(layers::BatchNormalization{.epsilon = 0.1, .center = false}, {4, 3}));
    CHECK_NOTHROW(check_layer(layers::BatchNormalization{.axis = 2, .scale = false}, {4, 3}));
    CHECK_NOTHROW(check_layer(layers::LayerNormalization{.center = false, .scale = false}, {9}));
    CHECK_NOTHROW(check_layer(layers::LayerNormalization{.axis = 1, .epsilon = 0.5, .scale = false}, {9}));
    CHECK_THROWS_AS(check_layer(layers::BatchNormalization{.axis = 1}, {4, 3}), NotImplemented);
    CHECK_THROWS_AS(check_layer(layers::BatchNormalization{.axis = 3}, {4, 3}), InvalidArgument);
    CHECK_THROWS_AS(Layer(layers::BatchNormalization{.epsilon = 0}), InvalidArgument);
    CHECK_THROWS_AS(Layer(layers::BatchNormalization{.momentum = 1.5}), InvalidArgument);
}

TEST_CASE("check_layer: functions of an element") {
    CHECK_NOTHROW(check_layer(layers::ReLU{}, {40}));
    CHECK_NOTHROW(check_layer(layers::ReLU{.max_value = 0.5, .negative_slope = 0.1, .threshold = 0.2}, {40}));
    CHECK_NOTHROW(check_layer(layers::LeakyReLU{}, {40}));
    CHECK_NOTHROW(check_layer(layers::ELU{.alpha = 0.5}, {4, 10}));
    CHECK_NOTHROW(check_layer(layers::GELU{}, {40}));
    CHECK_NOTHROW(check_layer(layers::SiLU{}, {40}));
    CHECK_NOTHROW(check_layer(layers::Softmax{.axis = 2}, {4, 5}));
    CHECK_NOTHROW(check_layer(layers::Rescaling{.scale = 1.0 / 255, .offset = -0.5}, {40}));
    CHECK_NOTHROW(check_layer(layers::Reshape{.target_shape = {-1, 4}}, {4, 10}));
    for (const char* name : {"elu", "gelu", "leaky_relu", "relu6", "silu", "swish", "softplus"}) {
        CHECK_NOTHROW(check_layer(layers::Activation{.activation = name}, {3, 13}));
        CHECK_NOTHROW(check_layer(layers::Dense{.units = 7, .activation = name}, {19}));
    }
    CHECK_NOTHROW(check_layer(layers::Conv2D{.filters = 5, .kernel_size = {3, 2}, .activation = "gelu"}, {6, 5, 3}));
    CHECK_THROWS_AS(Layer(layers::GELU{.approximate = true}), NotImplemented);
    CHECK_THROWS_AS(Layer(layers::LeakyReLU{.negative_slope = -0.1}), InvalidArgument);
    CHECK_THROWS_AS(Layer(layers::Rescaling{}), InvalidArgument);
    CHECK_THROWS_AS(check_layer(layers::Reshape{.target_shape = {-1, 7}}, {40}), InvalidArgument);
    CHECK_THROWS_AS(Layer(layers::Reshape{.target_shape = {-1, -1}}), InvalidArgument);
}

TEST_CASE("BatchNormalization: moving values move once a step, by the batch's biased ones; inference uses them") {
    Graph graph;
    graph.add(layers::Input{.shape = {2}}, {});
    graph.add(layers::BatchNormalization{.momentum = 0.9}, {0});
    graph.initialize_weights(1);
    REQUIRE(graph.weights().size() == 4);
    CHECK(graph.weights()[2].name == "batch_normalization/moving_mean");
    CHECK(!graph.weights()[3].trainable);
    const Floats x{1, 10, 3, 30, 1, 10, 3, 30};
    const Run once = run(graph, {x}, Floats(8, 1.0F), 4);
    const float m = 0.9F;
    const auto c = static_cast<float>(1 - 0.9);
    CHECK(first_difference(once.weights[2], Floats{0.0F * m + 2.0F * c, 0.0F * m + 20.0F * c}) == "");
    CHECK(first_difference(once.weights[3], Floats{1.0F * m + 1.0F * c, 1.0F * m + 100.0F * c}) == "");
    const Floats mean = once.weights[2];
    const Floats variance = once.weights[3];
    const Run later = run(graph, {x}, {}, 4, Mode::inference);
    Floats want = x;
    for (std::size_t i = 0; i < want.size(); ++i)
        want[i] = std::fma(x[i] - mean[i % 2], 1.0F * (1.0F / std::sqrt(variance[i % 2] + 1e-3F)), 0.0F);
    CHECK(first_difference(later.output, want) == "");
    CHECK(first_difference(later.weights[2], mean) == "");
}

TEST_CASE("Add: folded from the left; every use gets the gradient") {
    Numbers numbers(4);
    const Floats a = numbers.edgy_vector(12);
    const Floats b = numbers.edgy_vector(12);
    const Floats c = numbers.edgy_vector(12);
    const Floats dy = numbers.vector(12, -1.0F, 1.0F);
    const Run three = merge(layers::Add{}, {{4}, {4}, {4}}, {0, 1, 2}, {a, b, c}, dy, 3);
    Floats want(12);
    for (std::size_t i = 0; i < 12; ++i) want[i] = (a[i] + b[i]) + c[i];
    CHECK(first_difference(three.output, want) == "");
    for (const Floats& gradient : three.input_gradients) CHECK(first_difference(gradient, dy) == "");
    // An input used several times: its gradients are added, those of the others stay what they are.
    for (const std::vector<int>& uses : {std::vector{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}) {
        const Run twice = merge(layers::Add{}, {{4}, {4}}, uses, {a, b}, dy, 3);
        CHECK(first_difference(twice.input_gradients[0], times(dy, 2.0F)) == "");
        CHECK(first_difference(twice.input_gradients[1], dy) == "");
    }
    CHECK(first_difference(merge(layers::Add{}, {{4}}, {0, 0, 0, 0}, {a}, dy, 3).input_gradients[0], times(dy, 4.0F)) == "");
    CHECK(first_difference(merge(layers::Add{}, {{4}}, {0}, {a}, dy, 3).output, a) == "");
    CHECK_THROWS_AS(merge(layers::Add{}, {{4}, {1}}, {0, 1}, {a, b}, dy, 3), NotImplemented);
    CHECK_THROWS_AS(merge(layers::Add{}, {{4}, {3}}, {0, 1}, {a, b}, dy, 3), InvalidArgument);
}

TEST_CASE("Concatenate: along any axis but the batch, forward and backward") {
    // Two samples; a (2, 2), b (1, 2), c (2, 1).
    const Floats a{1, 2, 3, 4, 11, 12, 13, 14};
    const Floats b{5, 6, 15, 16};
    const Floats c{7, 8, 17, 18};
    const Floats dy{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const Run rows = merge(layers::Concatenate{.axis = 1}, {{2, 2}, {1, 2}}, {0, 1}, {a, b}, dy, 2);
    CHECK(first_difference(rows.output, Floats{1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}) == "");
    CHECK(first_difference(rows.input_gradients[0], Floats{1, 2, 3, 4, 7, 8, 9, 10}) == "");
    CHECK(first_difference(rows.input_gradients[1], Floats{5, 6, 11, 12}) == "");
    for (const std::int64_t axis : {-1, 2}) {
        const Run columns = merge(layers::Concatenate{.axis = axis}, {{2, 2}, {2, 1}}, {0, 1}, {a, c}, dy, 2);
        CHECK(first_difference(columns.output, Floats{1, 2, 7, 3, 4, 8, 11, 12, 17, 13, 14, 18}) == "");
        CHECK(first_difference(columns.input_gradients[0], Floats{1, 2, 4, 5, 7, 8, 10, 11}) == "");
        CHECK(first_difference(columns.input_gradients[1], Floats{3, 6, 9, 12}) == "");
    }
    const Run twice = merge(layers::Concatenate{}, {{1, 2}}, {0, 0}, {b}, Floats{1, 2, 10, 20, 3, 4, 30, 40}, 2);
    CHECK(first_difference(twice.output, Floats{5, 6, 5, 6, 15, 16, 15, 16}) == "");
    CHECK(first_difference(twice.input_gradients[0], Floats{11, 22, 33, 44}) == "");
    CHECK_THROWS_AS(merge(layers::Concatenate{.axis = 1}, {{2, 2}, {2, 1}}, {0, 1}, {a, c}, dy, 2), InvalidArgument);
    CHECK_THROWS_AS(merge(layers::Concatenate{.axis = 0}, {{2, 2}, {2, 2}}, {0, 1}, {a, a}, dy, 2), InvalidArgument);
}
