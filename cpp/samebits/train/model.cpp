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

Model::Model(std::unique_ptr<ModelImpl> impl) : impl_(std::move(impl)) {}
Model::Model(Model&&) noexcept = default;
Model& Model::operator=(Model&&) noexcept = default;
Model::~Model() = default;
std::unique_ptr<ModelImpl> Model::release() && { return std::move(impl_); }

void Model::build(const Shape& sample_shape) {
    if (impl_->is_built()) {
        require(sample_shape == input_shape(), "[build] the model is built for {}; got {}; make another model",
                with_batch(input_shape()), with_batch(sample_shape));
        return;
    }
    impl_->build(sample_shape);
}

bool Model::is_sequential() const { return !impl_->functional; }
bool Model::built() const { return impl_->is_built(); }

Shape Model::input_shape() const {
    impl_->require_built("input_shape");
    return impl_->input_shape_of();
}

Shape Model::output_shape() const {
    impl_->require_built("output_shape");
    return impl_->output_shape_of();
}

std::vector<Shape> Model::input_shapes() const {
    impl_->require_built("input_shapes");
    std::vector<Shape> shapes;
    for (const int input : impl_->graph->input_nodes) shapes.push_back(impl_->graph->node(input).output_shape);
    return shapes;
}

std::vector<Shape> Model::output_shapes() const {
    impl_->require_built("output_shapes");
    std::vector<Shape> shapes;
    for (const int output : impl_->graph->output_nodes) shapes.push_back(impl_->graph->node(output).output_shape);
    return shapes;
}

std::vector<std::string> Model::input_names() const {
    impl_->require_built("input_names");
    std::vector<std::string> names;
    for (const int input : impl_->graph->input_nodes) names.push_back(impl_->graph->node(input).name);
    return names;
}

std::vector<std::string> Model::output_names() const {
    impl_->require_built("output_names");
    std::vector<std::string> names;
    for (const int output : impl_->graph->output_nodes) names.push_back(impl_->graph->node(output).name);
    return names;
}

void Model::compile(const CompileOptions& options) {
    impl_->require_not_fitting("compile");
    options.optimizer.validate();
    for (const LossSpec& loss : options.loss.each) loss.validate();
    for (const MetricSpec& metric : options.metrics) metric.validate();
    for (const auto& metrics : options.output_metrics)
        for (const MetricSpec& metric : metrics) metric.validate();
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

namespace {

Samples samples_of(const char* op, const Arrays& x, const Arrays& y, const std::optional<ArrayView>& sample_weight = {},
                   const std::map<std::int64_t, double>& class_weight = {}) {
    Samples samples;
    for (const ArrayView& array : x) samples.x.push_back({array});
    samples.y = y;
    samples.weights = sample_weights(op, sample_weight, class_weight, y, samples.count());
    return samples;
}

}  // namespace

History Model::fit(const Arrays& x, const Arrays& y, const FitOptions& options) {
    const FpGuard guard;
    return impl_->fit(samples_of("fit", x, y, options.sample_weight, options.class_weight), options);
}
History Model::fit(const ArrayView& x, const ArrayView& y, const FitOptions& options) {
    return fit(Arrays{x}, Arrays{y}, options);
}
History Model::fit(BatchStream& batches, const FitOptions& options) { return impl_->fit(batches, options); }

Metrics Model::evaluate(const Arrays& x, const Arrays& y, const EvaluateOptions& options) {
    const FpGuard guard;
    return impl_->evaluate(samples_of("evaluate", x, y, options.sample_weight), options);
}
Metrics Model::evaluate(const ArrayView& x, const ArrayView& y, const EvaluateOptions& options) {
    return evaluate(Arrays{x}, Arrays{y}, options);
}
Metrics Model::evaluate(BatchStream& batches, const EvaluateOptions& options) { return impl_->evaluate(batches, options); }

std::vector<Tensor> Model::predict(const Arrays& x, const PredictOptions& options) {
    return impl_->predict(samples_of("predict", x, {}), options);
}
Tensor Model::predict(const ArrayView& x, const PredictOptions& options) {
    const std::size_t outputs = impl_->is_built() ? impl_->graph->output_nodes.size() : 1;
    require(outputs == 1, "[predict] the model has {} outputs; got a call for one; pass a list of arrays", outputs);
    return predict(Arrays{x}, options)[0];
}
Metrics Model::train_on_batch(const Arrays& x, const Arrays& y, const std::optional<ArrayView>& sample_weight,
                              const std::map<std::int64_t, double>& class_weight) {
    const FpGuard guard;
    return impl_->train_on_batch(samples_of("train_on_batch", x, y, sample_weight, class_weight));
}
Metrics Model::test_on_batch(const Arrays& x, const Arrays& y, const std::optional<ArrayView>& sample_weight) {
    const FpGuard guard;
    return impl_->test_on_batch(samples_of("test_on_batch", x, y, sample_weight));
}
Tensor Model::predict_on_batch(const ArrayView& x) {
    if (!impl_->is_built()) return predict(x, {.batch_size = std::max<std::int64_t>(x.length(), 1)});
    return impl_->predict_on_batch(x);
}
void Model::predict_on_batch(const ArrayView& x, std::span<float> out) { impl_->predict_on_batch(x, out); }

double Model::learning_rate() const {
    impl_->require_built("learning_rate");
    require(compiled(), "[learning_rate] the model is not compiled; got no optimizer; call compile() first");
    return impl_->engine->optimizer().learning_rate();
}

std::int64_t Model::iterations() const {
    impl_->require_built("iterations");
    require(compiled(), "[iterations] the model is not compiled; got no optimizer; call compile() first");
    return impl_->engine->optimizer().counters().iterations;
}

void Model::set_learning_rate(double rate) {
    impl_->require_built("learning_rate");
    require(compiled(), "[learning_rate] the model is not compiled; got no optimizer; call compile() first");
    impl_->engine->optimizer().set_learning_rate(rate);
    impl_->compile_options->optimizer = impl_->engine->optimizer().spec();
}

void Model::reset_metrics() {
    if (impl_->engine != nullptr) impl_->reset_metrics();
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
    require(values.size() == weights.size(), "[set_weights] the model has {} weights; got {}; give one array for each",
            weights.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        require(values[i].shape == weights[i].value.shape(), "[set_weights] {} has shape {}; got {}; reshape it",
                weights[i].name, to_string(weights[i].value.shape()), to_string(values[i].shape));
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
    impl_->recover();
}

std::int64_t Model::count_params() const {
    impl_->require_built("count_params");
    return impl_->graph->parameter_count();
}

namespace {

// Lines of a table: columns as wide as they must be, the last but `left` of them to the right.
std::string table_of(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
    std::vector<std::size_t> widths(rows[0].size(), 0);
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (const auto& row : rows) {
        std::string line = " ";
        for (std::size_t i = 0; i < row.size(); ++i)
            line += i < left ? fmt::format(" {:<{}}", row[i], widths[i] + 1) : fmt::format(" {:>{}}", row[i], widths[i]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

}  // namespace

std::string Model::summary() const {
    const std::string title = fmt::format("Model: \"{}\" (seed {})\n", impl_->name, impl_->seed);
    std::vector<std::vector<std::string>> rows{{"layer (type)", "output shape", "parameters"}};
    if (!impl_->is_built()) {
        for (const Layer& layer : impl_->layers)
            rows.push_back(
                {layer.name().empty() ? std::string(layer.type()) : fmt::format("{} ({})", layer.name(), layer.type()), "?",
                 "?"});
        return title + table_of(rows, 2) + "  not built: the input shape comes with the first data\n";
    }
    const bool functional = impl_->functional.has_value();
    if (functional) rows[0].insert(rows[0].begin() + 2, "connected to");
    for (const Node& node : impl_->graph->nodes()) {
        std::int64_t count = 0;
        for (const int w : node.weights) count += impl_->graph->weights()[static_cast<std::size_t>(w)].value.size();
        rows.push_back({fmt::format("{} ({})", node.name, node.layer.type()), with_batch(node.output_shape)});
        if (functional) {
            std::string from;
            for (const int input : node.inputs) from += (from.empty() ? "" : ", ") + impl_->graph->node(input).name;
            rows.back().push_back(from);
        }
        rows.back().push_back(std::to_string(count));
    }
    return title + table_of(rows, functional ? 3 : 2) + fmt::format("  parameters: {}\n", count_params());
}

std::vector<Layer> Model::layers() const { return impl_->layers; }

std::vector<std::string> Model::layer_names() const {
    std::vector<std::string> names;
    if (!impl_->is_built()) {
        for (const Layer& layer : impl_->layers) names.push_back(layer.name());
        return names;
    }
    // Without later calls of shared layers and an input that only the data told.
    for (const Node& node : impl_->graph->nodes())
        if (node.name.find(':') == std::string::npos) names.push_back(node.name);
    names.erase(names.begin(), names.end() - static_cast<std::ptrdiff_t>(impl_->layers.size()));
    return names;
}

std::string Model::digest() const {
    impl_->require_built("digest");
    require<RunFailed>(
        !impl_->failed,
        "[digest] the run stopped at a value that was not finite; got weights outside the promise; load the last checkpoint");
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
    require(batch_size >= 1 && validation_batch >= 0,
            "[memory_plan] batch_size must be at least 1; got batch_size={}; give at least 1", batch_size);
    return impl_->engine->memory_plan(batch_size, validation_batch);
}

Model::Model(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs, const ModelOptions& options)
    : impl_(std::make_unique<ModelImpl>()) {
    impl_->name = options.name;
    impl_->seed = options.seed.value_or(random_seed());
    impl_->set_topology(trace(inputs, outputs));
}

Sequential::Sequential(const std::vector<Layer>& layers, const ModelOptions& options) : Model(std::make_unique<ModelImpl>()) {
    impl_->name = options.name;
    impl_->seed = options.seed.value_or(random_seed());
    for (const Layer& layer : layers) add(layer);
}

void Sequential::add(const Layer& layer) { impl_->add(layer); }

}  // namespace samebits
