// A model: layers, weights, a seed and counters; compiled with an optimizer and a loss, trained, evaluated, saved.
// Keras's names and meanings. A call that throws InvalidArgument leaves the model as it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "samebits/base/tensor.h"
#include "samebits/base/view.h"
#include "samebits/graph/layer.h"
#include "samebits/train/history.h"
#include "samebits/train/hooks.h"
#include "samebits/train/loss_spec.h"
#include "samebits/train/memory_plan.h"
#include "samebits/train/optimizer_spec.h"

namespace samebits {

// The seed of models that are made without one (Keras's name). 0 at start.
void set_random_seed(std::uint64_t seed);

struct ModelOptions {
    std::optional<std::uint64_t> seed{};  // default: set_random_seed's
    std::string name = "sequential";
};

struct CompileOptions {
    OptimizerSpec optimizer;
    LossSpec loss;
    std::vector<std::string> metrics{};  // "accuracy" (chosen by shapes as Keras does), "binary_accuracy",
                                         // "categorical_accuracy", "sparse_categorical_accuracy"
};

struct FitOptions {
    std::int64_t batch_size = 32;
    std::int64_t epochs = 1;
    Verbose verbose = Verbose::automatic;
    double validation_split = 0.0;  // the last part: from floor(n * (1 - split)) on, never shuffled, never trained on
    std::optional<std::pair<ArrayView, ArrayView>> validation_data{};  // overrides validation_split
    bool shuffle = true;                                               // by seed and epoch
    std::optional<std::int64_t> initial_epoch{};  // Keras's meaning: train epochs - initial_epoch epochs, counter set to it
    RunHooks hooks{};
};

struct EvaluateOptions {
    std::int64_t batch_size = 32;
    Verbose verbose = Verbose::automatic;
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

class Model {
public:
    Model(Model&&) noexcept;
    Model& operator=(Model&&) noexcept;
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;
    ~Model();

    // Allocates and draws the weights for samples of this shape. Happens by itself when the first layer says its shape or
    // at the first data. Throws InvalidArgument when shapes cannot meet or it is built for another shape.
    void build(const Shape& sample_shape);
    [[nodiscard]] bool built() const;
    // Of one sample. Throws InvalidArgument before the model is built.
    [[nodiscard]] Shape input_shape() const;
    [[nodiscard]] Shape output_shape() const;

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

    // One step. Returns the running means of loss and metrics since the last reset_metrics() or fit(), as Keras does.
    Metrics train_on_batch(const ArrayView& x, const ArrayView& y);
    Metrics test_on_batch(const ArrayView& x, const ArrayView& y);
    Tensor predict_on_batch(const ArrayView& x);
    void reset_metrics();

    // Keras's order and shapes.
    [[nodiscard]] std::vector<WeightView> weights() const;
    // Copies values in. Throws InvalidArgument for another number, shape, or a value that is not finite.
    void set_weights(std::span<const ArrayView> values);
    [[nodiscard]] std::int64_t count_params() const;
    [[nodiscard]] std::string summary() const;
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

    struct Impl;
    explicit Model(std::unique_ptr<Impl> impl);
    // The inside, for the library's own use; the model is empty afterwards.
    [[nodiscard]] std::unique_ptr<Impl> release() &&;

protected:
    std::unique_ptr<Impl> impl_;
};

// Layers one after the other.
class Sequential : public Model {
public:
    explicit Sequential(const std::vector<Layer>& layers = {}, const ModelOptions& options = {});
    Sequential(std::initializer_list<Layer> layers, const ModelOptions& options = {})
        : Sequential(std::vector<Layer>(layers), options) {}
    void add(const Layer& layer);
};

// What save() wrote. Throws IoError (missing, broken, not a samebits model) or NotImplemented (another profile).
Model load_model(const std::filesystem::path& path);
// What to_json() wrote: a new model with freshly drawn weights.
Model model_from_json(const std::string& json);
// digest() of a saved model, without building it.
std::string digest_of_file(const std::filesystem::path& path);

}  // namespace samebits
