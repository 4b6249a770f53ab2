// steps MODEL [--batch N] [--threads N] [--runs N]: where the time of a training step goes, one line a kernel call that takes 1
// % or more: share, microseconds (median over the runs), layer, operation. Models: mlp_10, mlp_64, mlp_784, mlp_1024, conv,
// mnist, resnet20.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "samebits/base/fp_env.h"
#include "samebits/base/thread_pool.h"
#include "samebits/graph/layers.h"
#include "samebits/train/task_program.h"

namespace {

using namespace samebits;
namespace L = samebits::layers;

Graph chain(const Shape& input, const std::vector<Layer>& rest) {
    Graph graph;
    int last = graph.add(L::Input{.shape = input}, {});
    graph.input_nodes = {last};
    for (const Layer& layer : rest) last = graph.add(layer, {last});
    graph.output_nodes = {last};
    return graph;
}

Graph mlp(std::int64_t inputs, const std::vector<std::int64_t>& hidden, std::int64_t outputs) {
    std::vector<Layer> layers;
    for (const std::int64_t units : hidden) layers.emplace_back(L::Dense{.units = units, .activation = "relu"});
    layers.emplace_back(L::Dense{.units = outputs, .activation = "softmax"});
    return chain({inputs}, layers);
}

Layer conv(std::int64_t filters, std::int64_t size, std::int64_t stride, bool same, const char* activation, bool bias = true) {
    return L::Conv2D{.filters = filters,
                     .kernel_size = {size, size},
                     .strides = {stride, stride},
                     .padding = same ? "same" : "valid",
                     .activation = activation,
                     .use_bias = bias};
}

Graph mnist() {
    return chain({28, 28, 1},
                 {conv(32, 3, 1, false, "relu"), L::MaxPooling2D{}, conv(64, 3, 1, false, "relu"), L::MaxPooling2D{},
                  L::Flatten{}, L::Dropout{.rate = 0.5}, L::Dense{.units = 10, .activation = "softmax"}});
}

Graph question_conv() {
    return chain({28, 28, 3}, {conv(32, 3, 1, false, "relu"), L::Flatten{}, L::Dense{.units = 10, .activation = "softmax"}});
}

Graph resnet20() {
    Graph graph;
    const auto normal = [&](int x) { return graph.add(L::BatchNormalization{}, {x}); };
    const int input = graph.add(L::Input{.shape = {32, 32, 3}}, {});
    graph.input_nodes = {input};
    int x = graph.add(L::ReLU{}, {normal(graph.add(conv(16, 3, 1, true, "", false), {input}))});
    for (const std::int64_t filters : {16, 32, 64})
        for (int block = 0; block < 3; ++block) {
            const std::int64_t stride = filters > 16 && block == 0 ? 2 : 1;
            const int first = graph.add(L::ReLU{}, {normal(graph.add(conv(filters, 3, stride, true, "", false), {x}))});
            const int second = normal(graph.add(conv(filters, 3, 1, true, "", false), {first}));
            const int shortcut = stride == 1 ? x : normal(graph.add(conv(filters, 1, 2, true, "", false), {x}));
            x = graph.add(L::ReLU{}, {graph.add(L::Add{}, {second, shortcut})});
        }
    const int pooled = graph.add(L::GlobalAveragePooling2D{}, {x});
    graph.output_nodes = {graph.add(L::Dense{.units = 10, .activation = "softmax"}, {pooled})};
    return graph;
}

struct Choice {
    std::function<Graph()> make;
    std::int64_t batch;
};

const std::map<std::string, Choice, std::less<>>& models() {
    static const std::map<std::string, Choice, std::less<>> all{
        {"mlp_10", {[] { return mlp(10, {10}, 2); }, 32}},
        {"mlp_64", {[] { return mlp(64, {32}, 10); }, 32}},
        {"mlp_784", {[] { return mlp(784, {128}, 10); }, 128}},
        {"mlp_1024",
         {[] {
              return mlp(100, {1024, 1024}, 10);
          },
          128}},
        {"conv", {question_conv, 32}},
        {"mnist", {mnist, 32}},
        {"resnet20", {resnet20, 32}},
    };
    return all;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double>& x) {
    const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
    std::nth_element(x.begin(), middle, x.end());
    return *middle;
}

void measure(const Choice& choice, std::int64_t batch, int runs) {
    Graph graph = choice.make();
    graph.initialize_weights(1);
    Optimizer optimizer{OptimizerSpec(optimizers::Adam{})};
    for (const Weight& weight : graph.weights())
        if (weight.trainable) optimizer.add_weight(weight.name, weight.value.shape());
    optimizer.allocate();
    const OutputGoal goals[] = {{LossSpec("sparse_categorical_crossentropy"), 1.0F, true}};
    const TaskProgram task = build_task({graph, goals, &optimizer}, Task::train, batch, false);
    const Buffer arena(task.executor.plan().arena_bytes);
    std::vector<std::byte*> external;
    for (const Weight& weight : graph.weights()) external.push_back(reinterpret_cast<std::byte*>(weight.value.data()));
    for (const Slot& slot : optimizer.slots()) external.push_back(reinterpret_cast<std::byte*>(slot.value.data()));
    const Frame frame = task.executor.bind(arena.data(), external, 1);
    const Program& program = task.executor.program();
    const std::size_t inputs = program.buffers[static_cast<std::size_t>(task.inputs[0])].bytes / sizeof(float);
    const FpGuard guard;
    std::vector<std::vector<double>> times(program.steps.size());
    for (int run = 0; run <= runs; ++run) {
        for (std::size_t i = 0; i < inputs; ++i) frame.data(task.inputs[0])[i] = static_cast<float>(i * 37 % 101) / 101.0F;
        for (std::int64_t i = 0; i < batch; ++i) frame.data<std::int32_t>(task.outputs[0].target)[i] = static_cast<int>(i % 2);
        optimizer.begin_step();
        for (std::size_t s = 0; s < program.steps.size(); ++s) {
            const auto start = std::chrono::steady_clock::now();
            program.steps[s].run(frame);
            if (run > 0) times[s].push_back(seconds_since(start));
        }
        optimizer.commit();
    }
    std::vector<double> medians;
    double sum = 0;
    std::map<std::string, double> by_op;
    for (std::size_t s = 0; s < times.size(); ++s) {
        medians.push_back(median(times[s]));
        sum += medians.back();
        by_op[program.steps[s].op] += medians.back();
    }
    for (std::size_t s = 0; s < times.size(); ++s)
        if (medians[s] >= 0.01 * sum)
            std::printf("%5.1f %% %9.1f us  %-24s %s\n", 100 * medians[s] / sum, medians[s] * 1e6,
                        program.steps[s].layer.c_str(), program.steps[s].op.c_str());
    std::printf("by operation:\n");
    std::vector<std::pair<double, std::string>> ops;
    for (const auto& [op, time] : by_op) ops.emplace_back(time, op);
    std::sort(ops.rbegin(), ops.rend());
    for (const auto& [time, op] : ops) std::printf("%5.1f %% %9.1f us  %s\n", 100 * time / sum, time * 1e6, op.c_str());
    std::printf("%zu steps, %.1f us, %d threads, arena %zu KiB\n", times.size(), sum * 1e6, thread_count(),
                task.executor.plan().arena_bytes / 1024);
}

}  // namespace

int main(int count, char** arguments) {
    const auto found = count > 1 ? models().find(std::string_view(arguments[1])) : models().end();
    if (found == models().end()) {
        std::fprintf(stderr, "[steps] the first argument names a model; use one of:");
        for (const auto& [name, choice] : models()) std::fprintf(stderr, " %s", name.c_str());
        std::fprintf(stderr, "\n");
        return 2;
    }
    std::int64_t batch = found->second.batch;
    int runs = 30;
    for (int i = 2; i + 1 < count; i += 2) {
        const std::string_view name = arguments[i];
        const int value = std::max(std::atoi(arguments[i + 1]), 1);
        if (name == "--batch") batch = value;
        if (name == "--threads") set_thread_count(value);
        if (name == "--runs") runs = value;
    }
    measure(found->second, batch, runs);
}
