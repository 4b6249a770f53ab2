#include "samebits/graph/check_layer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/stream.h"
#include "samebits/base/thread_pool.h"
#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/input.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/random.h"

namespace samebits {
namespace {

using Values = std::vector<float>;

// A model of an input, a layer that passes gradients on (so that the input's gradient is computed), and the layer.
struct Bench {
    Graph graph;
    Shape input, output;
    std::uint64_t seed;
};

// Everything one run gives, as bits to compare.
struct Result {
    Values output, input_gradient;
    std::vector<Values> weight_gradients;
};

Values random_values(std::uint64_t seed, const char* what, std::int64_t count, float limit) {
    Values values(static_cast<std::size_t>(count));
    const std::uint32_t stream = stream_of("check_layer", what);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = numerics::uniform(numerics::random_bits(seed, i, 0, 0, stream), limit);
    return values;
}

void poison(std::byte* memory, std::size_t bytes) {
    std::fill_n(reinterpret_cast<float*>(memory), bytes / sizeof(float), std::numeric_limits<float>::quiet_NaN());
}

// One forward and backward pass of `batch` samples, the gradient of the output given, over poisoned memory.
Result run(const Bench& bench, Mode mode, const Values& x, const Values& output_gradient, std::int64_t batch) {
    Builder b(mode, batch, kernels::current());
    // The input as a trainable "weight" of the whole batch, so that its gradient is asked for.
    b.enter("input", Phase::forward);
    const Value whole = b.weight({batch * element_count(bench.input)}, true);
    const Value in = b.activation(bench.input);
    const auto bytes = b.bytes_of(b.buffer_of(in));
    b.step("input", {b.buffer_of(whole)}, {b.buffer_of(in)},
           [=, from = b.buffer_of(whole), to = b.buffer_of(in)](const Frame& f) {
               std::copy_n(f.data<std::byte>(from), bytes, f.data<std::byte>(to));
           });
    b.op(in, std::span(&whole, 1), [=](Builder& builder, BufferId gradient) { builder.add_gradient(whole, gradient); });
    std::vector<Value> weights;
    for (const Weight& w : bench.graph.weights()) weights.push_back(b.weight(w.value.shape(), w.trainable));
    const Node& node = bench.graph.nodes().back();
    b.enter(node.name, Phase::forward);
    const Value out = node.layer.impl().forward(b, std::span(&in, 1), weights);
    const auto size = static_cast<std::size_t>(batch * element_count(bench.output));
    BufferId dy = no_buffer;
    if (mode == Mode::training && b.needs_gradient(out)) {
        b.enter("loss", Phase::loss);
        dy = b.buffer(Role::gradient, size * sizeof(float));
        b.step("output gradient", {}, {dy},
               [=, &output_gradient](const Frame& f) { std::copy_n(output_gradient.data(), size, f.data(dy)); });
        b.add_gradient(out, dy);
        b.backward();
    }
    std::vector<BufferId> results{b.buffer_of(out), b.gradient(whole)};
    for (const Value w : weights) results.push_back(b.gradient(w));
    Program program = b.finish(results);
    Plan plan = make_plan(program);
    const Executor executor(std::move(program), std::move(plan));
    Buffer arena(std::max<std::size_t>(executor.plan().arena_bytes, 1));
    poison(arena.data(), executor.plan().arena_bytes);
    Values input_copy = x;
    std::vector<std::byte*> external{reinterpret_cast<std::byte*>(input_copy.data())};
    for (const Weight& w : bench.graph.weights()) external.push_back(reinterpret_cast<std::byte*>(w.value.data()));
    Frame frame = executor.bind(arena.data(), external, bench.seed);
    executor.run(frame, Phase::forward, Phase::update);

    const auto take = [&](BufferId id, std::size_t count) {
        return id == no_buffer ? Values{} : Values(frame.data(id), frame.data(id) + count);
    };
    Result result{take(results[0], size), take(results[1], x.size()), {}};
    for (std::size_t i = 0; i < weights.size(); ++i)
        result.weight_gradients.push_back(
            take(results[i + 2], static_cast<std::size_t>(bench.graph.weights()[i].value.size())));
    return result;
}

bool same_bits(const Values& a, const Values& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
           });
}

bool same_bits(const Result& a, const Result& b) {
    return same_bits(a.output, b.output) && same_bits(a.input_gradient, b.input_gradient) &&
           std::equal(a.weight_gradients.begin(), a.weight_gradients.end(), b.weight_gradients.begin(),
                      b.weight_gradients.end(), [](const Values& x, const Values& y) { return same_bits(x, y); });
}

void check_finite(const std::string& type, const Values& values, const char* what) {
    for (std::size_t i = 0; i < values.size(); ++i)
        require<RunFailed>(std::isfinite(values[i]),
                           "[check_layer] {}: {} must be written whole; got {} in element {}; correct its kernels", type, what,
                           values[i], i);
}

void check_alone(const Bench& bench, const std::string& type, const Values& x, const Values& together, std::int64_t batch) {
    const auto in = static_cast<std::size_t>(element_count(bench.input));
    const auto out = static_cast<std::size_t>(element_count(bench.output));
    for (std::size_t n = 0; n < static_cast<std::size_t>(batch); ++n) {
        const Values sample(x.begin() + static_cast<std::ptrdiff_t>(n * in),
                            x.begin() + static_cast<std::ptrdiff_t>((n + 1) * in));
        const Result alone = run(bench, Mode::inference, sample, {}, 1);
        const Values part(together.begin() + static_cast<std::ptrdiff_t>(n * out),
                          together.begin() + static_cast<std::ptrdiff_t>((n + 1) * out));
        require<RunFailed>(
            same_bits(alone.output, part),
            "[check_layer] {}: sample {} must get the same bits alone and in a batch; got others; correct its kernels", type,
            n);
    }
}

// Restores the caller's instruction set and thread count.
class RuntimeScope {
public:
    RuntimeScope() : isa_(kernels::current_isa()), threads_(thread_count()) {}
    ~RuntimeScope() {
        kernels::force(isa_);
        set_thread_count(threads_);
    }
    RuntimeScope(const RuntimeScope&) = delete;
    RuntimeScope& operator=(const RuntimeScope&) = delete;

private:
    kernels::Isa isa_;
    int threads_;
};

void check_paths(const Bench& bench, const std::string& type, const Values& x, const Values& dy, const Result& want,
                 std::int64_t batch) {
    const RuntimeScope scope;
    std::vector<kernels::Isa> isas = kernels::available_isas();
    isas.push_back(kernels::Isa::reference);
    for (const kernels::Isa isa : isas) {
        for (const int threads : {1, 2, 3}) {
            kernels::force(isa);
            set_thread_count(threads);
            require<RunFailed>(
                same_bits(run(bench, Mode::training, x, dy, batch), want),
                "[check_layer] {}: isa {} with {} threads must give the same bits; got others; correct its kernels", type,
                kernels::name_of(isa), threads);
        }
    }
}

// sum(output * dy) in float64.
double objective(const Bench& bench, const Values& x, const Values& dy, std::int64_t batch) {
    const Result result = run(bench, Mode::training, x, dy, batch);
    double sum = 0;
    for (std::size_t i = 0; i < dy.size(); ++i) sum += static_cast<double>(result.output[i]) * static_cast<double>(dy[i]);
    return sum;
}

// Central difference at distance h where the function is smooth; at a kink the gradient must lie between the two one-sided
// differences. The objective is float32 sums: its noise, about 1e-6 of `scale`, over h = 2^-8 sets the bound.
void check_differences(const std::string& type, const std::string& what, Values& point, const Values& gradient, double scale,
                       const std::function<double()>& value) {
    constexpr float h = 0x1p-8F;
    constexpr std::size_t probes = 24;
    const std::size_t stride = std::max<std::size_t>(point.size() / probes, 1);
    const double middle = value();
    for (std::size_t i = 0; i < point.size(); i += stride) {
        const float keep = point[i];
        point[i] = keep + h;
        const double above = value();
        const double step_up = static_cast<double>(point[i]) - static_cast<double>(keep);
        point[i] = keep - h;
        const double below = value();
        const double step_down = static_cast<double>(keep) - static_cast<double>(point[i]);
        point[i] = keep;
        const double right = (above - middle) / step_up;
        const double left = (middle - below) / step_down;
        const double slack = 1e-3 * scale + 0.02 * std::max(std::abs(left), std::abs(right));
        const double g = static_cast<double>(gradient[i]);
        require<RunFailed>(g >= std::min(left, right) - slack && g <= std::max(left, right) + slack,
                           "[check_layer] {}: the gradient of {} must agree with differences; got {} in element {}, "
                           "differences {} and {}; correct its backward pass",
                           type, what, g, i, left, right);
    }
}

void check_gradients(const Bench& bench, const std::string& type, Values x, const Values& dy, const Result& result,
                     std::int64_t batch) {
    double scale = 0;
    for (std::size_t i = 0; i < dy.size(); ++i)
        scale += std::abs(static_cast<double>(result.output[i]) * static_cast<double>(dy[i]));
    scale = std::max(scale, 1.0);
    const auto value = [&] { return objective(bench, x, dy, batch); };
    if (!result.input_gradient.empty()) check_differences(type, "the input", x, result.input_gradient, scale, value);
    for (std::size_t w = 0; w < result.weight_gradients.size(); ++w) {
        const Weight& weight = bench.graph.weights()[w];
        if (!weight.trainable) continue;
        require<RunFailed>(!result.weight_gradients[w].empty(),
                           "[check_layer] {}: {} must get a gradient; got none; correct its backward pass", type, weight.name);
        Values point(weight.value.values().begin(), weight.value.values().end());
        check_differences(type, weight.name, point, result.weight_gradients[w], scale, [&] {
            std::copy(point.begin(), point.end(), weight.value.data());
            return value();
        });
        std::copy(point.begin(), point.end(), weight.value.data());
    }
}

}  // namespace

void check_layer(const Layer& layer, const Shape& input_shape, const CheckLayerOptions& options) {
    const FpGuard guard;
    require(options.batch >= 1, "[check_layer] batch must be at least 1; got batch={}; give at least 1", options.batch);
    const std::string type = layer.type();
    Bench bench{{}, input_shape, {}, options.seed};
    bench.graph.add(layers::Input{.shape = input_shape}, {});
    bench.graph.add(layer, {0});
    bench.output = bench.graph.nodes().back().output_shape;
    bench.graph.initialize_weights(options.seed);
    // Zero biases would hide that they are not added.
    for (Weight& w : bench.graph.weights())
        if (w.value.shape().size() == 1)
            w.value = Tensor(w.value.shape(), random_values(options.seed, w.name.c_str(), w.value.size(), 0.5F));
    // A variance lies above zero.
    for (Weight& w : bench.graph.weights())
        if (!w.trainable)
            for (std::int64_t i = 0; i < w.value.size(); ++i) w.value.data()[i] += 1.0F;

    const std::int64_t batch = options.batch;
    const Values x = random_values(options.seed, "x", batch * element_count(input_shape), 1.0F);
    const Values dy = random_values(options.seed, "dy", batch * element_count(bench.output), 1.0F);
    const Result inference = run(bench, Mode::inference, x, {}, batch);
    check_finite(type, inference.output, "the output");
    check_alone(bench, type, x, inference.output, batch);
    const Result training = run(bench, Mode::training, x, dy, batch);
    check_finite(type, training.output, "the output");
    check_finite(type, training.input_gradient, "the gradient of the input");
    for (const Values& gradient : training.weight_gradients) check_finite(type, gradient, "the gradient of a weight");
    require<RunFailed>(same_bits(run(bench, Mode::training, x, dy, batch), training),
                       "[check_layer] {}: two runs must give the same bits; got others; correct its kernels", type);
    check_paths(bench, type, x, dy, training, batch);
    check_gradients(bench, type, x, dy, training, batch);
    // A layer made outside the library has no name that a file could hold.
    const std::vector<std::string_view> known = known_layers();
    if (std::find(known.begin(), known.end(), type) == known.end()) return;
    require<RunFailed>(to_json(layer_from_json(to_json(layer))) == to_json(layer),
                       "[check_layer] {}: written and read back it must be the same; got another; correct its description",
                       type);
}

}  // namespace samebits
