// Which programs are too little work for more than one thread. No bit depends on it.
#include "samebits/train/task_program.h"

#include "samebits/samebits.h"
#include "samebits/train/model_impl.h"
#include "support/catch.h"

using namespace samebits;

namespace {

TaskProgram predicting(ModelImpl& model, std::int64_t batch) {
    return build_task({*model.graph, {}, nullptr}, Task::predict, batch, false);
}

std::unique_ptr<ModelImpl> built(const std::vector<Layer>& layers, const Shape& sample) {
    Sequential model(layers, {.seed = 1});
    model.build(sample);
    return static_cast<Model&&>(model).release();
}

}  // namespace

TEST_CASE("one sample to predict is small work where several are not") {
    const auto cnn =
        built({layers::Conv2D{.filters = 32, .kernel_size = {3, 3}}, layers::MaxPooling2D{},
               layers::Conv2D{.filters = 64, .kernel_size = {3, 3}}, layers::Flatten{}, layers::Dense{.units = 10}},
              {28, 28, 1});
    const auto mlp = built({layers::Dense{.units = 128}, layers::Dense{.units = 10}}, {784});
    for (const auto* model : {&cnn, &mlp}) {
        CHECK(predicting(**model, 1).is_small(1));
        // A program of more samples serves one too.
        const TaskProgram many = predicting(**model, 32);
        CHECK(many.is_small(1));
        CHECK_FALSE(many.is_small(2));
        CHECK_FALSE(many.is_small(32));
    }
    const auto wide = built({layers::Dense{.units = 1024}}, {1024});
    CHECK_FALSE(predicting(*wide, 1).is_small(1));
    // A quarter of a million bytes, forty million multiply-adds.
    std::vector<Layer> deep;
    for (int i = 0; i < 12; ++i) deep.emplace_back(layers::Conv2D{.filters = 16, .kernel_size = {3, 3}, .padding = "same"});
    CHECK_FALSE(predicting(*built(deep, {32, 32, 16}), 1).is_small(1));
    const auto tiny = built({layers::Dense{.units = 2}}, {10});
    CHECK(predicting(*tiny, 32).is_small(32));
}
