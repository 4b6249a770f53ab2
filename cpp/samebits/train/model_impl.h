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

struct Model::Impl {
    std::string name;
    std::uint64_t seed = 0;
    std::vector<Layer> layers;     // as given; an input layer first when the shape is known
    std::unique_ptr<Graph> draft;  // layers and shapes without weights, while the input's shape is known
    std::unique_ptr<Graph> graph;  // built: with weights
    std::vector<Weight> kept;      // weights of a model that got another layer
    std::unique_ptr<Engine> engine;
    std::optional<CompileOptions> compile_options;
    std::int64_t epoch = 0;
    std::int64_t step = 0;
    bool failed = false;    // stopped by a value that was not finite: weights are outside the promise
    MetricSums batch_sums;  // of train_on_batch
    MetricSums test_sums;   // of test_on_batch

    void build(const Shape& sample_shape);
    void add(const Layer& layer);
    // Builds when the layers alone say the shapes; false when only data can.
    bool is_built();
    void compile_engine();
    void require_built(const char* op);
    void require_ready(const char* op) const;  // compiled, not failed
    [[nodiscard]] const Shape& input_shape_of() const { return graph->nodes().front().output_shape; }
    [[nodiscard]] const Shape& output_shape_of() const { return graph->nodes().back().output_shape; }
    // Throws InvalidArgument when the built and compiled model cannot take x and y.
    void check_data(const char* op, const Source& x, const ArrayView& y) const;

    // The loops of trainer.cpp. x may be divided on its way in.
    History fit(const Source& x, const ArrayView& y, const FitOptions& options);
    Metrics evaluate(const Source& x, const ArrayView& y, const EvaluateOptions& options);
    Tensor predict(const Source& x, const PredictOptions& options);
    Metrics train_on_batch(const Source& x, const ArrayView& y);
    Metrics test_on_batch(const Source& x, const ArrayView& y);
    void train_step(const Source& x, const ArrayView& y, std::span<const std::int64_t> rows, MetricSums& sums);
};

// Builds the model for x when that has not happened, and takes it back unless keep() says that the call was accepted.
class BuildForData {
public:
    BuildForData(Model::Impl& model, const char* op, const Source& x);
    ~BuildForData();
    BuildForData(const BuildForData&) = delete;
    BuildForData& operator=(const BuildForData&) = delete;
    void keep() { undo_ = false; }

private:
    Model::Impl& model_;
    bool undo_;
};

}  // namespace samebits
