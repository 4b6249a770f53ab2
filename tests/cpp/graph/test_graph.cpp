// The graph is a DAG: fan-out, merges, names, dead steps.
#include <algorithm>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers.h"
#include "samebits/graph/symbol.h"
#include "support/catch.h"
#include "support/exact.h"

using namespace samebits;
using samebits::test::first_difference;

namespace {

// The sum of any number of inputs, left-folded: a merge, for these tests.
class Sum final : public LayerImpl {
public:
    [[nodiscard]] std::string_view type() const override { return "Sum"; }
    [[nodiscard]] const std::string& name() const override { return name_; }
    void visit(FieldVisitor&) override {}
    void validate() const override {}
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value>) const override {
        const std::int64_t size = element_count(b.shape(inputs[0]));
        const Value y = b.activation(b.shape(inputs[0]));
        std::vector<BufferId> from;
        for (const Value v : inputs) from.push_back(b.buffer_of(v));
        b.step("sum", from, {b.buffer_of(y)}, [=, to = b.buffer_of(y)](const Frame& f) {
            std::copy_n(f.data(from[0]), f.batch * size, f.data(to));
            for (std::size_t i = 1; i < from.size(); ++i)
                f.kernels->add(f.batch * size, f.data(to), f.data(from[i]), f.data(to));
        });
        const std::vector<Value> uses(inputs.begin(), inputs.end());
        b.op(y, inputs, [uses](Builder& builder, BufferId gradient) {
            for (auto v = uses.rbegin(); v != uses.rend(); ++v) builder.add_gradient(*v, gradient);
        });
        return y;
    }

private:
    std::string name_;
};

struct Gradients {
    Program program;
    Plan plan;
    std::vector<std::vector<float>> weights;
};

// Gradients of sum(output * dy) for every weight.
Gradients gradients(Graph& graph, const std::vector<float>& x, const std::vector<float>& dy, std::int64_t batch) {
    const FpGuard guard;
    Builder b(Mode::training, batch, kernels::current());
    const Graph::Forward forward = graph.forward(b);
    const Value out = forward.nodes.back();
    b.enter("loss", Phase::loss);
    const BufferId seed = b.buffer(Role::gradient, dy.size() * sizeof(float));
    b.step("seed", {}, {seed}, [=, &dy](const Frame& f) { std::copy(dy.begin(), dy.end(), f.data(seed)); });
    b.add_gradient(out, seed);
    b.backward();
    std::vector<BufferId> results;
    for (const Value w : forward.weights) results.push_back(b.gradient(w));
    const BufferId input = b.buffer_of(forward.nodes[0]);
    Gradients g{b.finish(results), {}, {}};
    g.plan = make_plan(g.program);
    const Executor executor(g.program, g.plan);
    Buffer arena(executor.plan().arena_bytes);
    std::vector<std::byte*> external;
    for (const Weight& w : graph.weights()) external.push_back(reinterpret_cast<std::byte*>(w.value.data()));
    const Frame frame = executor.bind(arena.data(), external, 1);
    std::copy(x.begin(), x.end(), frame.data(input));
    executor.run(frame, Phase::forward, Phase::update);
    for (std::size_t i = 0; i < results.size(); ++i)
        g.weights.emplace_back(frame.data(results[i]), frame.data(results[i]) + graph.weights()[i].value.size());
    return g;
}

std::vector<float> ramp(std::size_t count, float scale) {
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = scale * static_cast<float>(static_cast<int>(i * 37 % 19) - 9);
    return values;
}

}  // namespace

TEST_CASE("graph: a value used three times gets the sum of its uses' gradients, last use first") {
    Graph graph;
    const int in = graph.add(layers::Input{.shape = {4}}, {});
    const int trunk = graph.add(layers::Dense{.units = 5}, {in});
    const int a = graph.add(layers::Dense{.units = 3, .activation = "tanh"}, {trunk});
    const int b = graph.add(layers::Dense{.units = 3, .activation = "relu"}, {trunk});
    const int c = graph.add(layers::Dense{.units = 3}, {trunk});
    graph.add(Layer(std::make_shared<Sum>()), {a, b, c});
    graph.initialize_weights(3);
    const std::vector<float> x = ramp(8, 0.11F);
    const std::vector<float> dy = ramp(6, 0.07F);
    const Gradients all = gradients(graph, x, dy, 2);

    // The trunk's gradient by hand: each branch alone, then ((c + b) + a).
    const auto& w = graph.weights();
    const kernels::Table& k = kernels::table(kernels::Isa::reference);
    std::vector<float> sum;
    for (const std::size_t branch : {2, 1, 0}) {
        const Weight& kernel = w[2 + 2 * branch];
        const Weight& bias = w[3 + 2 * branch];
        std::vector<float> h(10), y(6), dz(6), dh(10);
        const auto dense = [&](std::int64_t units, std::int64_t from, const float* source, const Weight& m, const Weight& v,
                               float* to, kernels::Activation act) {
            k.gemm({kernels::GemmLayout::nn, 2, units, from, source, from, m.value.data(), units, to, units,
                    numerics::over_terms(from), v.value.data(), act},
                   nullptr);
        };
        const kernels::Activation act = branch == 0   ? kernels::Activation::tanh
                                        : branch == 1 ? kernels::Activation::relu
                                                      : kernels::Activation::linear;
        dense(5, 4, x.data(), w[0], w[1], h.data(), kernels::Activation::linear);
        dense(3, 5, h.data(), kernel, bias, y.data(), act);
        k.activation_gradient(act, 6, y.data(), dy.data(), dz.data());
        k.gemm({kernels::GemmLayout::nt, 2, 5, 3, dz.data(), 3, kernel.value.data(), 3, dh.data(), 5, numerics::over_terms(3)},
               nullptr);
        if (sum.empty()) {
            sum = dh;
        } else {
            k.add(10, sum.data(), dh.data(), sum.data());
        }
    }
    std::vector<float> want(20);
    k.gemm({kernels::GemmLayout::tn, 4, 5, 2, x.data(), 4, sum.data(), 5, want.data(), 5, numerics::over_pixels(2, 1, 1)},
           nullptr);
    CHECK(first_difference(all.weights[0], want) == "");
}

TEST_CASE("graph: an in-place gradient never reaches another use") {
    // Sum hands one gradient buffer to both branches; each changes it in place through its activation.
    const auto build = [](bool first) {
        auto graph = std::make_unique<Graph>();
        const int in = graph->add(layers::Input{.shape = {6}}, {});
        const int a = graph->add(layers::Dense{.units = 4, .activation = "tanh", .name = "a"}, {in});
        const int b = graph->add(layers::Dense{.units = 4, .activation = "relu", .name = "b"}, {in});
        graph->add(Layer(std::make_shared<Sum>()), first ? std::vector<int>{a, b} : std::vector<int>{b, a});
        graph->initialize_weights(5);
        return graph;
    };
    const std::vector<float> x = ramp(18, 0.2F);
    const std::vector<float> dy = ramp(12, 0.3F);
    const Gradients one = gradients(*build(true), x, dy, 3);
    const Gradients two = gradients(*build(false), x, dy, 3);
    for (std::size_t i = 0; i < one.weights.size(); ++i) CHECK(first_difference(one.weights[i], two.weights[i]) == "");
}

TEST_CASE("graph: the gradient of the input is not computed, and what nobody reads is not run") {
    Graph graph;
    const int in = graph.add(layers::Input{.shape = {6}}, {});
    graph.add(layers::Dense{.units = 4}, {in});
    graph.initialize_weights(5);
    const Gradients g = gradients(graph, ramp(12, 1), ramp(8, 1), 2);
    for (const Step& step : g.program.steps) CHECK(step.op != "dense input gradient");

    Builder b(Mode::inference, 2, kernels::current());
    const BufferId used = b.buffer(Role::activation, 64);
    const BufferId unused = b.buffer(Role::activation, 64);
    b.step("wanted", {}, {used}, [](const Frame&) {});
    b.step("unwanted", {used}, {unused}, [](const Frame&) {});
    CHECK(b.finish({used}).steps.size() == 1);
}

TEST_CASE("graph: names") {
    Graph graph;
    const int in = graph.add(layers::Input{.shape = {6}}, {});
    const int a = graph.add(layers::Dense{.units = 4}, {in});
    const int b = graph.add(layers::Dense{.units = 4}, {a});
    CHECK(graph.node(a).name == "dense");
    CHECK(graph.node(b).name == "dense_1");
    CHECK(graph.weights()[2].name == "dense_1/kernel");
    CHECK_THROWS_AS(graph.add(layers::Dense{.units = 4, .name = "dense"}, {b}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(layers::Dense{.units = 4, .name = "a/b"}, {b}), InvalidArgument);
    CHECK_THROWS_AS(graph.add(layers::Conv2D{.filters = 4, .kernel_size = {3, 3}}, {b}), InvalidArgument);
    CHECK(graph.nodes().size() == 3);
    CHECK(graph.node(graph.add(layers::Dense{.units = 4, .name = "dense_3"}, {b})).name == "dense_3");
    CHECK(graph.node(graph.add(layers::Dense{.units = 4}, {b})).name == "dense_2");
    CHECK(graph.node(graph.add(layers::Dense{.units = 4}, {b})).name == "dense_4");
}

TEST_CASE("graph: thousands of layers get their names in no time") {
    Graph graph;
    int last = graph.add(layers::Input{.shape = {2}}, {});
    for (int i = 0; i < 20000; ++i) last = graph.add(layers::Flatten{}, {last});
    CHECK(graph.node(last).name == "flatten_19999");
}

TEST_CASE("graph: what cannot be built says which layer and both shapes") {
    Graph graph;
    const int in = graph.add(layers::Input{.shape = {6, 6, 1}}, {});
    const int small = graph.add(layers::Conv2D{.filters = 1, .kernel_size = {3, 3}}, {in});
    CHECK_THROWS_WITH(graph.add(layers::Conv2D{.filters = 1, .kernel_size = {9, 9}}, {small}),
                      "[Conv2D] \"conv2d_1\": the window is larger than its input; got window (9, 9) on input (None, 4, 4, 1); "
                      "use padding=\"same\" or a smaller window");
    CHECK_THROWS_WITH(graph.add(layers::Add{.name = "join"}, {in, small}),
                      "[Add] \"join\": all inputs must have one shape; got (None, 6, 6, 1) and (None, 4, 4, 1); reshape or "
                      "project one of them");
    const int shared = graph.add(layers::Dense{.units = 2, .name = "both"}, {in});
    const int wide = graph.add(layers::Conv2D{.filters = 3, .kernel_size = {1, 1}}, {in});
    CHECK_THROWS_WITH(graph.call(shared, {wide}),
                      "[Dense] \"both\": a shared layer's inputs must fit one kernel; got shape (1, 2) and now (3, 2); use two "
                      "layers");
    CHECK_THROWS_WITH(
        Layer(layers::Concatenate{.name = "joint"})({Input({2, 3}), Input({3, 2})}),
        "[Concatenate] \"joint\": all axes but axis=-1 must be equal; got (None, 2, 3) and (None, 3, 2); reshape, "
        "crop or pad one of them");
    CHECK(graph.nodes().size() == 4);
}

TEST_CASE("graph: initial weights are drawn by name, not by order") {
    Graph one, two;
    const int in1 = one.add(layers::Input{.shape = {6, 6, 1}}, {});
    one.add(layers::Dense{.units = 4, .name = "head"}, {one.add(layers::Flatten{}, {in1})});
    const int in2 = two.add(layers::Input{.shape = {6, 6, 1}}, {});
    const int conv = two.add(layers::Conv2D{.filters = 1, .kernel_size = {1, 1}}, {in2});
    two.add(layers::Dense{.units = 4, .name = "head"}, {two.add(layers::Flatten{}, {conv})});
    one.initialize_weights(9);
    two.initialize_weights(9);
    CHECK(first_difference(one.weights()[0].value.values(), two.weights()[2].value.values()) == "");
    one.initialize_weights(10);
    CHECK(first_difference(one.weights()[0].value.values(), two.weights()[2].value.values()) != "");
}

TEST_CASE("layers as JSON: what is refused, and how") {
    CHECK(to_json(layer_from_json(R"({"type": "Conv2D", "filters": 3, "kernel_size": 3})")) ==
          to_json(Layer(layers::Conv2D{.filters = 3, .kernel_size = {3, 3}})));
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dens", "units": 3})"), InvalidArgument);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dense", "units": 0})"), InvalidArgument);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dense", "unit": 3})"), InvalidArgument);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dense", "units": 3.5})"), TypeMismatch);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dense", "units": true})"), TypeMismatch);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dense", "units": 3, "activation": "selu"})"), NotImplemented);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "GroupNormalization"})"), NotImplemented);
    CHECK_THROWS_AS(layer_from_json(R"({"type": "Dropout", "rate": 1.0})"), InvalidArgument);
    CHECK_THROWS_AS(layer_from_json("[1]"), TypeMismatch);
    CHECK_THROWS_AS(layer_from_json("{"), TypeMismatch);
}

namespace {

// first -> step -> second, and what else is said of it.
struct Chain {
    Program program;
    explicit Chain(std::size_t bytes = 64) {
        program.buffers = {{"a", Role::activation, 64}, {"b", Role::activation, bytes}, {"c", Role::activation, 64}};
        program.steps = {{"a", "make", Phase::forward, {}, {0}, {}},
                         {"b", "change", Phase::forward, {0}, {1}, {}, true},
                         {"c", "read", Phase::forward, {1}, {2}, {}}};
        program.results = {2};
    }
    [[nodiscard]] bool overwrites() const {
        const Plan plan = make_plan(program);
        if (plan.places[1].overwrites != 0) return false;
        CHECK(plan.places[1].offset == plan.places[0].offset);
        return true;
    }
};

}  // namespace

TEST_CASE("plan: a result overwrites an operand of its size that nobody reads any more") {
    CHECK(Chain().overwrites());
    CHECK(make_plan(Chain().program).arena_bytes == 128);
    Chain unsaid;
    unsaid.program.steps[1].may_overwrite = false;
    CHECK_FALSE(unsaid.overwrites());
    Chain read_later;
    read_later.program.steps[2].reads.push_back(0);
    CHECK_FALSE(read_later.overwrites());
    Chain wanted;
    wanted.program.results.push_back(0);
    CHECK_FALSE(wanted.overwrites());
    CHECK_FALSE(Chain(128).overwrites());
    Chain weight;
    weight.program.buffers[0].role = Role::weight;
    CHECK_FALSE(weight.overwrites());

    // One after the other in one place: the third lies where the first did, which is gone.
    Chain longer;
    longer.program.steps[2].may_overwrite = true;
    const Plan plan = make_plan(longer.program);
    CHECK(plan.places[2].overwrites == 1);
    CHECK(plan.arena_bytes == 64);
    CHECK(plan.live == std::vector<std::size_t>{64, 64, 64});

    Plan wrong = make_plan(Chain().program);
    wrong.places[1].overwrites = no_buffer;
    CHECK_THROWS_AS(verify(Chain().program, wrong), InternalError);
}
