// A model: layers, weights, a seed and counters; compiled with an optimizer and a loss, trained, evaluated, saved.
// Keras's names and meanings. A call that throws InvalidArgument leaves the model as it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/tensor.h"
#include "samebits/base/view.h"
#include "samebits/graph/layer.h"
#include "samebits/graph/symbol.h"
#include "samebits/train/batch_stream.h"
#include "samebits/train/callback.h"
#include "samebits/train/history.h"
#include "samebits/train/hooks.h"
#include "samebits/train/loss_spec.h"
#include "samebits/train/memory_plan.h"
#include "samebits/train/metric_spec.h"
#include "samebits/train/optimizer_spec.h"

namespace samebits {

// The seed of models that are made without one (Keras's name). 0 at start.
SAMEBITS_API void set_random_seed(std::uint64_t seed);

struct ModelOptions {
    std::optional<std::uint64_t> seed{};  // default: set_random_seed's
    std::string name = "sequential";
};

struct CompileOptions {
    OptimizerSpec optimizer;
    Losses loss;  // one for all outputs, or one an output
    std::vector<MetricSpec>
        metrics{};  // "accuracy" (chosen by shapes as Keras does), "mse", metrics::TopKCategoricalAccuracy(3)
    // Models with several outputs: one entry an output, or none.
    std::vector<double> loss_weights{};                     // default: all 1
    std::vector<std::vector<MetricSpec>> output_metrics{};  // instead of metrics
};

// What is evaluated after each epoch.
struct ValidationData {
    Arrays x, y;
    std::optional<ArrayView> sample_weight{};

    ValidationData(const ArrayView& samples, const ArrayView& targets) : x{samples}, y{targets} {}
    ValidationData(Arrays samples, Arrays targets) : x(std::move(samples)), y(std::move(targets)) {}
};

struct FitOptions {
    std::int64_t batch_size = 32;
    std::int64_t epochs = 1;
    Verbose verbose = Verbose::automatic;
    double validation_split = 0.0;  // the last part: from floor(n * (1 - split)) on, never shuffled, never trained on
    std::optional<ValidationData> validation_data{};  // overrides validation_split
    BatchStream* validation_stream = nullptr;         // instead of validation_data
    bool shuffle = true;                              // by seed and epoch
    std::optional<std::int64_t> initial_epoch{};      // Keras's meaning: train epochs - initial_epoch epochs, counter set to it
    std::optional<ArrayView> sample_weight{};         // one finite number a sample: its loss is multiplied by it
    std::map<std::int64_t, double> class_weight{};    // by label; others have 1
    std::optional<std::int64_t> steps_per_epoch{};    // of a stream: an epoch is so many batches, and the stream goes on
    std::vector<std::shared_ptr<Callback>> callbacks{};
    RunHooks hooks{};
};

struct EvaluateOptions {
    std::int64_t batch_size = 32;
    Verbose verbose = Verbose::automatic;
    std::optional<ArrayView> sample_weight{};
    std::vector<std::shared_ptr<Callback>> callbacks{};
    RunHooks hooks{};
};

struct PredictOptions {
    std::int64_t batch_size = 32;
    Verbose verbose = Verbose::silent;
    RunHooks hooks{};
};

// One weight as seen from outside.
struct WeightView {
    std::string name;  // "dense/kernel"
    Tensor value;      // shares the model's memory
    bool trainable;
};

struct ModelImpl;

class SAMEBITS_API Model {
public:
    // The functional front: what lies between symbols of Input() and outputs of layers. Throws InvalidArgument when an
    // output needs another input, an input leads nowhere, or names meet.
    Model(const std::vector<Symbol>& inputs, const std::vector<Symbol>& outputs,
          const ModelOptions& options = {.name = "functional"});
    Model(const Symbol& input, const Symbol& output, const ModelOptions& options = {.name = "functional"})
        : Model(std::vector{input}, std::vector{output}, options) {}
    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    ~Model();

    // Allocates and draws the weights for samples of this shape. Happens by itself when the first layer says its shape or
    // at the first data. Throws InvalidArgument when shapes cannot meet or it is built for another shape.
    void build(const Shape& sample_shape);
    [[nodiscard]] bool built() const;
    // A chain of layers that may grow, not Model(inputs, outputs).
    [[nodiscard]] bool is_sequential() const;
    // Of one sample. Throws InvalidArgument before the model is built.
    [[nodiscard]] Shape input_shape() const;
    [[nodiscard]] Shape output_shape() const;
    // Of every input and output.
    [[nodiscard]] std::vector<Shape> input_shapes() const;
    [[nodiscard]] std::vector<Shape> output_shapes() const;
    // Names of the inputs' layers and of those that give the outputs.
    [[nodiscard]] std::vector<std::string> input_names() const;
    [[nodiscard]] std::vector<std::string> output_names() const;

    void compile(const CompileOptions& options);
    [[nodiscard]] bool compiled() const;
    // What the last compile() was given; none before it.
    [[nodiscard]] const std::optional<CompileOptions>& compile_options() const;

    // x (N, ...), y (N, ...) of any element type and strides; converted batch by batch, never copied whole.
    // Throws NonFinite when a loss, gradient, weight or slot became NaN or infinite; Interrupted by hooks.interrupted.
    History fit(const ArrayView& x, const ArrayView& y, const FitOptions& options = {});
    Metrics evaluate(const ArrayView& x, const ArrayView& y, const EvaluateOptions& options = {});
    // (N, ...) float32.
    Tensor predict(const ArrayView& x, const PredictOptions& options = {});

    // The same with one array an input and one an output, or with batches that come one by one.
    History fit(const Arrays& x, const Arrays& y, const FitOptions& options = {});
    History fit(BatchStream& batches, const FitOptions& options = {});
    Metrics evaluate(const Arrays& x, const Arrays& y, const EvaluateOptions& options = {});
    Metrics evaluate(BatchStream& batches, const EvaluateOptions& options = {});
    std::vector<Tensor> predict(const Arrays& x, const PredictOptions& options = {});

    // The optimizer's learning rate (of the next step, where it follows a schedule). Throws InvalidArgument before compile().
    [[nodiscard]] double learning_rate() const;
    void set_learning_rate(double rate);
    // Steps of the optimizer since compile(); what its schedule goes by.
    [[nodiscard]] std::int64_t iterations() const;

    // One step. Returns the running means of loss and metrics since the last reset_metrics() or fit(), as Keras does up to
    // 3.13 (3.15: of this batch alone; then call reset_metrics() first).
    Metrics train_on_batch(const Arrays& x, const Arrays& y, const std::optional<ArrayView>& sample_weight = {},
                           const std::map<std::int64_t, double>& class_weight = {});
    Metrics test_on_batch(const Arrays& x, const Arrays& y, const std::optional<ArrayView>& sample_weight = {});
    Metrics train_on_batch(const ArrayView& x, const ArrayView& y) { return train_on_batch(Arrays{x}, Arrays{y}); }
    Metrics test_on_batch(const ArrayView& x, const ArrayView& y) { return test_on_batch(Arrays{x}, Arrays{y}); }
    Tensor predict_on_batch(const ArrayView& x);
    // The same into memory of the caller: out has N times the elements of an output. The model has shapes and one output.
    // After one call, further ones with as many samples or fewer allocate nothing.
    void predict_on_batch(const ArrayView& x, std::span<float> out);
    void reset_metrics();

    // Keras's order and shapes.
    [[nodiscard]] std::vector<WeightView> weights() const;
    // Copies values in. Throws InvalidArgument for another number, shape, or a value that is not finite.
    void set_weights(std::span<const ArrayView> values);
    [[nodiscard]] std::int64_t count_params() const;
    [[nodiscard]] std::string summary() const;
    // In the model's order, each once, and their names (given, else as the model chose them).
    [[nodiscard]] std::vector<Layer> layers() const;
    [[nodiscard]] std::vector<std::string> layer_names() const;

    // "sha256:<64 hex>" over names, shapes and bytes of the weights (the law, section 8). Throws RunFailed after a
    // non-finite stop, InvalidArgument before the model is built.
    [[nodiscard]] std::string digest() const;

    [[nodiscard]] const std::string& name() const;
    [[nodiscard]] std::uint64_t seed() const;
    // Trained epochs and steps since the model was made (or as loaded).
    [[nodiscard]] std::int64_t epoch() const;
    [[nodiscard]] std::int64_t step() const;

    // Exact bytes of a fit with this batch size, before running. Throws InvalidArgument before build or compile.
    // validation_batch: 0 when the run does not evaluate.
    [[nodiscard]] MemoryPlan memory_plan(std::int64_t batch_size, std::int64_t validation_batch = 0) const;

    // safetensors: weights, optimizer slots; architecture, compile arguments and counters as JSON in its metadata.
    void save(const std::filesystem::path& path) const;
    void save_weights(const std::filesystem::path& path) const;
    // Throws IoError for a broken file, InvalidArgument when names or shapes are not this model's.
    void load_weights(const std::filesystem::path& path);
    // The architecture, without weights.
    [[nodiscard]] std::string to_json() const;

    explicit Model(std::unique_ptr<ModelImpl> impl);
    // The inside, for the library's own use; the model is empty afterwards.
    [[nodiscard]] std::unique_ptr<ModelImpl> release() &&;

protected:
    std::unique_ptr<ModelImpl> impl_;
};

// Layers one after the other.
class SAMEBITS_API Sequential : public Model {
public:
    explicit Sequential(const std::vector<Layer>& layers = {}, const ModelOptions& options = {});
    Sequential(std::initializer_list<Layer> layers, const ModelOptions& options = {})
        : Sequential(std::vector<Layer>(layers), options) {}
    void add(const Layer& layer);
};

// What save() wrote. Throws IoError (missing, broken, not a samebits model) or NotImplemented (another profile).
SAMEBITS_API Model load_model(const std::filesystem::path& path);
// What to_json() wrote: a new model with freshly drawn weights.
SAMEBITS_API Model model_from_json(const std::string& json);
// digest() of a saved model, without building it.
SAMEBITS_API std::string digest_of_file(const std::filesystem::path& path);

}  // namespace samebits
