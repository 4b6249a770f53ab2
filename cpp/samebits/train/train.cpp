// A recipe from its file to a trained model.
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/data/order.h"
#include "samebits/train/callback_json.h"
#include "samebits/train/loss_json.h"
#include "samebits/train/model_impl.h"
#include "samebits/train/model_json.h"
#include "samebits/train/recipe_data.h"
#include "samebits/train/recipe_model.h"

namespace samebits {
namespace {

std::unique_ptr<ModelImpl> compiled_model(const Recipe::Content& recipe, const RecipeData& data) {
    const bool is_chain = recipe.model.inputs.empty();
    const Shape sample = data.samples.x[0].view.sample_shape();
    if (is_chain) check_chain(recipe, sample);
    Model model = is_chain ? Model(Sequential(recipe.model.chain, {.seed = recipe.seed}))
                           : Model(recipe.model.inputs, recipe.model.outputs, {.seed = recipe.seed});
    model.compile({.optimizer = optimizer_from_json(recipe.optimizer),
                   .loss = losses_from_json(recipe.loss),
                   .metrics = recipe.metrics,
                   .loss_weights = recipe.loss_weights,
                   .output_metrics = recipe.output_metrics});
    if (is_chain) model.build(sample);
    return std::move(model).release();
}

std::int64_t tested(const RecipeData& data) { return data.test ? data.test->count() : 0; }

void write_results(const std::filesystem::path& folder, const Run& run, const Recipe& recipe) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    require<IoError>(!error, "[train] cannot make the folder {}; got \"{}\"; choose another folder", folder.string(),
                     error.message());
    run.model.save(folder / "model.safetensors");
    nlohmann::ordered_json json{{"digest", run.digest()}, {"recipe", recipe.identity()}, {"epoch", run.history.epoch}};
    for (const auto& [name, values] : run.history.series) json["history"][name] = values;
    for (const auto& [name, value] : run.test) json["test"][name] = value;
    std::ofstream file(folder / "history.json");
    file << json.dump(1) << '\n';
    require<IoError>(file.good(), "[train] cannot write {}; got an error; check the disk and the folder",
                     (folder / "history.json").string());
}

}  // namespace

Run train(const Recipe& recipe, const TrainOptions& options) {
    const FpGuard guard;
    const Recipe::Content& content = recipe.content();
    const RecipeData data = read_data(content);
    std::unique_ptr<ModelImpl> model = compiled_model(content, data);
    std::vector<std::shared_ptr<Callback>> callbacks;
    for (const std::string& callback : content.callbacks) callbacks.push_back(callback_from_json(callback, content.directory));
    History history = model->fit(data.samples,
                                 {.batch_size = content.batch_size,
                                  .epochs = content.epochs,
                                  .verbose = options.verbose,
                                  .validation_split = content.data.validation_split,
                                  .shuffle = content.shuffle,
                                  .callbacks = callbacks,
                                  .hooks = options.hooks},
                                 tested(data));
    Metrics test;
    if (data.test)
        test =
            model->evaluate(*data.test, {.batch_size = content.batch_size, .verbose = Verbose::silent, .hooks = options.hooks});
    Run run{Model(std::move(model)), std::move(history), std::move(test)};
    if (!options.out.empty()) write_results(options.out, run, recipe);
    return run;
}

MemoryPlan plan(const Recipe& recipe) {
    const FpGuard guard;
    const Recipe::Content& content = recipe.content();
    const RecipeData data = read_data(content);
    const Model model(compiled_model(content, data));
    const std::int64_t samples = data.samples.count();
    const std::int64_t trained =
        content.data.validation_split > 0 ? validation_start(samples, content.data.validation_split) : samples;
    require(trained >= 1, "[plan] the recipe leaves nothing to train on; got {} samples; lower validation_split", samples);
    MemoryPlan result = model.memory_plan(std::min(content.batch_size, trained),
                                          std::min(content.batch_size, std::max(samples - trained, tested(data))));
    result.data = data.bytes;
    return result;
}

}  // namespace samebits
