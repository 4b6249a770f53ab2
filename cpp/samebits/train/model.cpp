#include "samebits/train/model.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/data/convert.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/input.h"
#include "samebits/train/digest.h"
#include "samebits/train/model_impl.h"

namespace samebits {
namespace {

std::atomic<std::uint64_t>& random_seed() {
    static std::atomic<std::uint64_t> seed{0};
    return seed;
}

}  // namespace

void set_random_seed(std::uint64_t seed) { random_seed() = seed; }

// Impl: building and checking.

void Model::Impl::add(const Layer& layer) {
    require(!compile_options, "[Sequential] the model is compiled; got another layer; add layers before compile()");
    const bool first = layers.empty();
    require(first || layer.type() != "InputLayer", "[Sequential] an input stands first; got one after {} layers",
            layers.size());
    // With a known input the shapes are checked now, as Keras does.
    if (first && layer.type() == "InputLayer") {
        auto fresh = std::make_unique<Graph>();
        fresh->add(layer, {});
        draft = std::move(fresh);
    } else if (draft) {
        draft->add(layer, {static_cast<int>(draft->nodes().size()) - 1});
    }
    layers.push_back(layer);
    if (graph) kept = std::move(graph->weights());
    engine.reset();
    graph.reset();
}

void Model::Impl::build(const Shape& sample_shape) {
    require(!layers.empty(), "[Sequential] a model needs at least one layer; got none; add() some");
    auto fresh = std::make_unique<Graph>();
    if (!draft) fresh->add(layers::Input{.shape = sample_shape}, {});
    for (const Layer& layer : layers) {
        const int last = static_cast<int>(fresh->nodes().size()) - 1;
        fresh->add(layer, last < 0 ? std::vector<int>{} : std::vector<int>{last});
    }
    require(fresh->nodes().front().output_shape == sample_shape, "[build] the model's input shape is {}; got {}",
            with_batch(fresh->nodes().front().output_shape), with_batch(sample_shape));
    require(fresh->nodes().size() >= 2, "[Sequential] a model needs a layer after its input; got none; add() some");
    const FpGuard guard;
    fresh->initialize_weights(seed);
    for (std::size_t i = 0; i < kept.size(); ++i) {
        Tensor& value = fresh->weights()[i].value;
        require(
            kept[i].value.shape() == value.shape(),
            "[build] {} has shape {} since the model was built first; got an input {} for which it has {}; make another model",
            kept[i].name, to_string(kept[i].value.shape()), with_batch(sample_shape), to_string(value.shape()));
        value = kept[i].value;
    }
    auto fresh_engine = std::make_unique<Engine>(*fresh, static_cast<int>(fresh->nodes().size()) - 1, seed);
    engine = std::move(fresh_engine);
    graph = std::move(fresh);
    if (!compile_options) return;
    try {
        compile_engine();
    } catch (...) {
        engine.reset();
        graph.reset();
        throw;
    }
}

bool Model::Impl::is_built() {
    if (graph == nullptr && draft != nullptr && layers.size() >= 2) build(draft->nodes().front().output_shape);
    return graph != nullptr;
}

void Model::Impl::compile_engine() {
    engine->compile(std::make_unique<Optimizer>(compile_options->optimizer), compile_options->loss, compile_options->metrics);
    batch_sums.reset(engine->metrics());
    test_sums.reset(engine->metrics());
}

void Model::Impl::require_built(const char* op) {
    require(is_built(), "[{}] the model has no shapes yet; got no input shape; give the first layer one or call build()", op);
}

void Model::Impl::require_ready(const char* op) const {
    require(compile_options.has_value(), "[{}] the model is not compiled; got no optimizer and loss; call compile() first", op);
    require<RunFailed>(!failed, "[{}] the model stopped at a value that was not finite; got weights outside the promise; {}",
                       op, "set or load weights first");
}

BuildForData::BuildForData(Model::Impl& model, const char* op, const Source& x) : model_(model), undo_(!model.is_built()) {
    if (!undo_) return;
    require(x.view.shape.size() >= 2, "[{}] x must be an array of samples, (N, ...); got shape {}; reshape x", op,
            to_string(x.view.shape));
    model_.build(x.view.sample_shape());
}

BuildForData::~BuildForData() {
    if (!undo_) return;
    model_.engine.reset();
    model_.graph.reset();
}

void Model::Impl::check_data(const char* op, const Source& x, const ArrayView& y) const {
    check_inputs(op, x, input_shape_of());
    engine->check_loss_fits(op);
    check_targets(op, y, x.view.length(), engine->loss().name, output_shape_of());
}

// The facade.

Model::Model(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;
std::unique_ptr<Model::Impl> Model::release() && { return std::move(impl_); }

void Model::build(const Shape& sample_shape) {
    if (impl_->is_built()) {
        require(sample_shape == input_shape(), "[build] the model is built for {}; got {}; make another model",
                with_batch(input_shape()), with_batch(sample_shape));
        return;
    }
    impl_->build(sample_shape);
}

bool Model::built() const { return impl_->is_built(); }

Shape Model::input_shape() const {
    impl_->require_built("input_shape");
    return impl_->input_shape_of();
}

Shape Model::output_shape() const {
    impl_->require_built("output_shape");
    return impl_->output_shape_of();
}

void Model::compile(const CompileOptions& options) {
    options.optimizer.validate();
    check_metric_names(options.metrics);
    const std::optional<CompileOptions> before = impl_->compile_options;
    impl_->compile_options = options;
    try {
        if (impl_->graph != nullptr) impl_->compile_engine();
        impl_->is_built();
    } catch (...) {
        impl_->compile_options = before;
        throw;
    }
}

bool Model::compiled() const { return impl_->compile_options.has_value(); }
const std::optional<CompileOptions>& Model::compile_options() const { return impl_->compile_options; }

History Model::fit(const ArrayView& x, const ArrayView& y, const FitOptions& options) { return impl_->fit({x}, y, options); }
Metrics Model::evaluate(const ArrayView& x, const ArrayView& y, const EvaluateOptions& options) {
    return impl_->evaluate({x}, y, options);
}
Tensor Model::predict(const ArrayView& x, const PredictOptions& options) { return impl_->predict({x}, options); }
Metrics Model::train_on_batch(const ArrayView& x, const ArrayView& y) { return impl_->train_on_batch({x}, y); }
Metrics Model::test_on_batch(const ArrayView& x, const ArrayView& y) { return impl_->test_on_batch({x}, y); }
Tensor Model::predict_on_batch(const ArrayView& x) { return predict(x, {.batch_size = std::max<std::int64_t>(x.length(), 1)}); }

void Model::reset_metrics() {
    if (impl_->engine == nullptr) return;
    impl_->batch_sums.reset(impl_->engine->metrics());
    impl_->test_sums.reset(impl_->engine->metrics());
}

std::vector<WeightView> Model::weights() const {
    std::vector<WeightView> views;
    if (!impl_->is_built()) return views;
    for (const Weight& weight : impl_->graph->weights()) views.push_back({weight.name, weight.value, weight.trainable});
    return views;
}

void Model::set_weights(std::span<const ArrayView> values) {
    impl_->require_built("set_weights");
    const FpGuard guard;
    std::vector<Weight>& weights = impl_->graph->weights();
    require(values.size() == weights.size(), "[set_weights] the model has {} weights; got {}", weights.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        require(values[i].shape == weights[i].value.shape(), "[set_weights] {} has shape {}; got {}", weights[i].name,
                to_string(weights[i].value.shape()), to_string(values[i].shape));
        require_finite(values[i], "set_weights", weights[i].name);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        // One sample of the whole array: any type and strides become float32 in C order.
        ArrayView whole = values[i];
        whole.shape.insert(whole.shape.begin(), 1);
        whole.strides.insert(whole.strides.begin(), 0);
        const std::int64_t row = 0;
        gather_rows(whole, std::span(&row, 1), weights[i].value.data());
    }
    impl_->failed = false;
}

std::int64_t Model::count_params() const {
    impl_->require_built("count_params");
    return impl_->graph->parameter_count();
}

std::string Model::summary() const {
    std::string text = fmt::format("Model: \"{}\" (seed {})\n", impl_->name, impl_->seed);
    constexpr const char* row = "  {:<34} {:<24} {:>12}\n";
    text += fmt::format(row, "layer (type)", "output shape", "parameters");
    if (!impl_->is_built()) {
        for (const Layer& layer : impl_->layers)
            text += fmt::format(row, fmt::format("{} ({})", layer.name(), layer.type()), "?", "?");
        return text + "  not built: the input shape comes with the first data\n";
    }
    for (const Node& node : impl_->graph->nodes()) {
        std::int64_t count = 0;
        for (const int w : node.weights) count += impl_->graph->weights()[static_cast<std::size_t>(w)].value.size();
        text += fmt::format(row, fmt::format("{} ({})", node.name, node.layer.type()), with_batch(node.output_shape), count);
    }
    return text + fmt::format("  parameters: {}\n", count_params());
}

std::vector<std::string> Model::layer_names() const {
    std::vector<std::string> names;
    if (!impl_->is_built()) {
        for (const Layer& layer : impl_->layers) names.push_back(layer.name());
    } else {
        for (const Node& node : impl_->graph->nodes()) names.push_back(node.name);
    }
    return names;
}

std::string Model::digest() const {
    impl_->require_built("digest");
    require<RunFailed>(!impl_->failed,
                       "[digest] the run stopped at a value that was not finite; got weights outside the promise");
    std::vector<std::pair<std::string, Tensor>> weights;
    for (const Weight& weight : impl_->graph->weights()) weights.emplace_back(weight.name, weight.value);
    return digest_of(weights);
}

const std::string& Model::name() const { return impl_->name; }
std::uint64_t Model::seed() const { return impl_->seed; }
std::int64_t Model::epoch() const { return impl_->epoch; }
std::int64_t Model::step() const { return impl_->step; }

MemoryPlan Model::memory_plan(std::int64_t batch_size, std::int64_t validation_batch) const {
    impl_->require_built("memory_plan");
    require(impl_->compile_options.has_value(),
            "[memory_plan] the model is not compiled; got no optimizer; call compile() first");
    require(batch_size >= 1 && validation_batch >= 0, "[memory_plan] batch_size must be at least 1; got batch_size={}",
            batch_size);
    return impl_->engine->memory_plan(batch_size, validation_batch);
}

Sequential::Sequential(const std::vector<Layer>& layers, const ModelOptions& options) : Model(std::make_unique<Impl>()) {
    impl_->name = options.name;
    impl_->seed = options.seed.value_or(random_seed());
    for (const Layer& layer : layers) add(layer);
}

void Sequential::add(const Layer& layer) { impl_->add(layer); }

}  // namespace samebits
