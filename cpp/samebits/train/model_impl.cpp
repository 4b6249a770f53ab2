// Building, compiling and checking a model.
#include "samebits/train/model_impl.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/input.h"

namespace samebits {
namespace {

// One spec an output.
std::vector<OutputSpec> output_specs(const CompileOptions& options, std::size_t outputs) {
    const std::vector<LossSpec>& losses = options.loss.each;
    require(losses.size() == outputs || losses.size() == 1,
            "[compile] one loss for all outputs or one an output; got {} for {}; give one for each", losses.size(), outputs);
    require(options.loss_weights.empty() || options.loss_weights.size() == outputs,
            "[compile] loss_weights has one number an output; got {} for {} outputs; give one for each",
            options.loss_weights.size(), outputs);
    require(options.output_metrics.empty() || options.output_metrics.size() == outputs,
            "[compile] metrics of a model with {} outputs are lists, one an output; got {}; give one list for each", outputs,
            options.output_metrics.size());
    require(outputs == 1 || options.metrics.empty(),
            "[compile] metrics of a model with {} outputs are lists, one an output; got one list; say which output", outputs);
    for (const double weight : options.loss_weights)
        require(std::isfinite(static_cast<float>(weight)),
                "[compile] loss_weights are finite in float32; got {}; give smaller numbers", weight);
    std::vector<OutputSpec> specs;
    for (std::size_t i = 0; i < outputs; ++i)
        specs.push_back({losses.size() == 1 ? losses[0] : losses[i],
                         options.loss_weights.empty() ? 1.0 : options.loss_weights[i],
                         options.output_metrics.empty() ? options.metrics : options.output_metrics[i]});
    return specs;
}

}  // namespace

void ModelImpl::add(const Layer& layer) {
    require(!functional,
            "[Model] only a Sequential grows; got another layer for a model of inputs and outputs; make another Model");
    require(!compile_options, "[Sequential] the model is compiled; got another layer; add layers before compile()");
    const bool first = layers.empty();
    require(first || layer.type() != "InputLayer", "[Sequential] an input stands first; got one after {} layers; put it first",
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

void ModelImpl::set_topology(Topology topology) {
    draft = std::make_unique<Graph>(make_graph(topology));
    layers = topology.layers;
    functional = std::move(topology);
}

void ModelImpl::build(const Shape& sample_shape) {
    require(!layers.empty(), "[Sequential] a model needs at least one layer; got none; add() some");
    std::unique_ptr<Graph> fresh;
    if (functional) {
        fresh = std::make_unique<Graph>(make_graph(*functional));
    } else {
        std::vector<Layer> all = layers;
        if (!draft) all.insert(all.begin(), Layer(layers::Input{.shape = sample_shape}));
        fresh = std::make_unique<Graph>(make_graph(chain(std::move(all))));
    }
    const Shape& input = fresh->node(fresh->input_nodes[0]).output_shape;
    require(input == sample_shape, "[build] the model's input shape is {}; got {}; make another model for other shapes",
            with_batch(input), with_batch(sample_shape));
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
    engine = std::make_unique<Engine>(*fresh, seed);
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

bool ModelImpl::is_built() {
    if (graph == nullptr && draft != nullptr && layers.size() >= 2)
        build(draft->node(functional ? draft->input_nodes[0] : 0).output_shape);
    return graph != nullptr;
}

void ModelImpl::compile_engine() {
    engine->compile(std::make_unique<Optimizer>(compile_options->optimizer),
                    output_specs(*compile_options, graph->output_nodes.size()));
    reset_metrics();
}

void ModelImpl::reset_metrics() {
    batch_sums.reset(engine->metrics());
    test_sums.reset(engine->metrics());
}

void ModelImpl::require_built(const char* op) {
    require(is_built(), "[{}] the model has no shapes yet; got no input shape; give the first layer one or call build()", op);
}

void ModelImpl::require_ready(const char* op) const {
    require(compile_options.has_value(), "[{}] the model is not compiled; got no optimizer and loss; call compile() first", op);
    require<RunFailed>(!failed, "[{}] the model stopped at a value that was not finite; got weights outside the promise; {}",
                       op, "compile() again, then set or load weights");
}

void ModelImpl::require_not_fitting(const char* op) const {
    require<RunFailed>(!fitting, "[{}] a model takes one call at a time; got a call from inside fit(); make it afterwards", op);
}

void ModelImpl::recover() {
    if (!failed) return;
    failed = engine->compiled() && !engine->optimizer().is_finite();
    reset_metrics();
}

BuildForData::BuildForData(ModelImpl& model, const char* op, const Samples& samples) : model_(model), undo_(!model.is_built()) {
    if (!undo_) return;
    require(samples.x.size() == 1, "[{}] the model has one input; got {} arrays x; give one array", op, samples.x.size());
    const Shape& shape = samples.x[0].view.shape;
    require(shape.size() >= 2, "[{}] x must be an array of samples, (N, ...); got shape {}; reshape x, {}", op,
            to_string(shape), "or make elements of a Dataset batches by .batch(32)");
    model_.build(samples.x[0].view.sample_shape());
}

BuildForData::~BuildForData() {
    if (!undo_) return;
    model_.engine.reset();
    model_.graph.reset();
}

void ModelImpl::check_data(const char* op, const Samples& samples) const {
    engine->check_inputs(op, samples);
    engine->check_losses_fit(op);
    engine->check_targets(op, samples);
}

}  // namespace samebits
