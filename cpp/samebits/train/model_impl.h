// What a Model holds. Internal: the facade is model.h; the loop trainer.cpp; files model_io.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "samebits/train/engine.h"
#include "samebits/train/model.h"

namespace samebits {

struct ModelImpl {
    std::string name;
    std::uint64_t seed = 0;
    std::vector<Layer> layers;           // as given; in a Sequential an input layer first when the shape is known
    std::optional<Topology> functional;  // of Model(inputs, outputs); its layers are `layers`
    std::unique_ptr<Graph> draft;        // layers and shapes without weights, while the inputs' shapes are known
    std::unique_ptr<Graph> graph;        // built: with weights
    std::vector<Weight> kept;            // weights of a model that got another layer
    std::unique_ptr<Engine> engine;
    std::optional<CompileOptions> compile_options;
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    bool failed = false;  // stopped by a value that was not finite: weights are outside the promise
    bool fitting = false;
    MetricSums batch_sums;  // of train_on_batch
    MetricSums test_sums;   // of test_on_batch
    Samples predicted;      // of predict_on_batch; like predicted_rows, kept for its memory
    std::vector<std::int64_t> predicted_rows;

    void build(const Shape& sample_shape);
    void add(const Layer& layer);
    void set_topology(Topology topology);
    // Builds when the layers alone say the shapes; false when only data can.
    bool is_built();
    void compile_engine();
    void require_built(const char* op);
    void require_ready(const char* op) const;  // compiled, not failed
    // Callbacks may look at the model that is being fitted, and not change what fit() stands on.
    void require_not_fitting(const char* op) const;
    void reset_metrics();
    // After new weights: the promise holds again, if the optimizer's slots are finite too.
    void recover();
    [[nodiscard]] const Shape& input_shape_of() const { return engine->input_shape(0); }
    [[nodiscard]] const Shape& output_shape_of() const { return engine->output_shape(0); }
    // Throws InvalidArgument when the built and compiled model cannot take these samples.
    void check_data(const char* op, const Samples& samples) const;

    // The loops of trainer.cpp. x may be divided on its way in.
    // evaluated: samples that evaluate() will be asked for afterwards, so that memory for them is known now.
    History fit(const Samples& samples, const FitOptions& options, std::int64_t evaluated = 0);
    History fit(BatchStream& stream, const FitOptions& options);
    Metrics evaluate(const Samples& samples, const EvaluateOptions& options);
    Metrics evaluate(BatchStream& stream, const EvaluateOptions& options);
    std::vector<Tensor> predict(const Samples& samples, const PredictOptions& options);
    Tensor predict_on_batch(const ArrayView& x);
    void predict_on_batch(const ArrayView& x, std::span<float> out);
    Metrics train_on_batch(const Samples& samples);
    Metrics test_on_batch(const Samples& samples);
    void train_step(const Batch& batch, MetricSums& sums);
    void write(const std::filesystem::path& path, bool everything);  // model_io.cpp

private:
    // Looks at x, the batch that is to be predicted, and keeps it; its samples.
    std::int64_t stage_one(const ArrayView& x);
    void predict_staged(std::int64_t count, float* out);
};

// Builds the model for x when that has not happened, and takes it back unless keep() says that the call was accepted.
class BuildForData {
public:
    BuildForData(ModelImpl& model, const char* op, const Samples& samples);
    ~BuildForData();
    BuildForData(const BuildForData&) = delete;
    BuildForData& operator=(const BuildForData&) = delete;
    void keep() { undo_ = false; }

private:
    ModelImpl& model_;
    bool undo_;
};

}  // namespace samebits
