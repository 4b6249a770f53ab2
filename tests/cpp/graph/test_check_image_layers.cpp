// Pooling, convolutions, padding and augmentation pass the public check; what augmentation does and depends on.
#include <set>
#include <string>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/stream.h"
#include "samebits/graph/check_layer.h"
#include "samebits/graph/executor.h"
#include "samebits/graph/graph.h"
#include "samebits/graph/layer_config.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers.h"
#include "support/kernels.h"

using namespace samebits;
using samebits::test::first_difference;
using samebits::test::Floats;

namespace {

// The output of a layer named "a" for samples x, drawn by seed, epoch and indices.
struct Drawn {
    std::uint64_t seed = 1;
    std::uint32_t epoch = 0;
    std::vector<std::int64_t> indices{};
    Mode mode = Mode::training;
};

Floats output_of(const Layer& layer, const Shape& shape, std::int64_t batch, Floats x, const Drawn& drawn = {}) {
    Builder b(drawn.mode, batch, kernels::current());
    b.enter("a", Phase::forward);
    const Value in = b.activation(shape);
    const Value stored = b.weight({static_cast<std::int64_t>(x.size())}, false);
    b.step("input", {b.buffer_of(stored)}, {b.buffer_of(in)},
           [size = x.size(), from = b.buffer_of(stored), to = b.buffer_of(in)](const Frame& f) {
               std::copy_n(f.data(from), size, f.data(to));
           });
    const Value out = layer.impl().forward(b, std::span(&in, 1), {});
    const auto size = static_cast<std::size_t>(batch * element_count(b.shape(out)));
    Program program = b.finish({b.buffer_of(out)});
    Plan plan = make_plan(program);
    const Executor executor(std::move(program), std::move(plan));
    Buffer arena(executor.plan().arena_bytes);
    std::byte* external[] = {reinterpret_cast<std::byte*>(x.data())};
    Frame frame = executor.bind(arena.data(), external, drawn.seed);
    frame.epoch = drawn.epoch;
    frame.sample_index = drawn.indices.empty() ? nullptr : drawn.indices.data();
    executor.run(frame, Phase::forward, Phase::forward);
    return {frame.data(executor.program().results[0]), frame.data(executor.program().results[0]) + size};
}

Floats counted(std::int64_t count) {
    Floats x(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i + 1);
    return x;
}

Floats part(const Floats& x, std::size_t sample, std::size_t size) {
    return {x.begin() + static_cast<std::ptrdiff_t>(sample * size),
            x.begin() + static_cast<std::ptrdiff_t>((sample + 1) * size)};
}

}  // namespace

TEST_CASE("check_layer: pooling") {
    for (const char* padding : {"valid", "same"}) {
        CHECK_NOTHROW(check_layer(layers::AveragePooling2D{.pool_size = {2, 2}, .padding = padding}, {6, 7, 3}));
        CHECK_NOTHROW(
            check_layer(layers::AveragePooling2D{.pool_size = {3, 2}, .strides = {1, 2}, .padding = padding}, {5, 6, 2}));
    }
    for (const bool keepdims : {false, true}) {
        CHECK_NOTHROW(check_layer(layers::GlobalAveragePooling2D{.keepdims = keepdims}, {5, 6, 3}));
        CHECK_NOTHROW(check_layer(layers::GlobalMaxPooling2D{.keepdims = keepdims}, {5, 6, 3}));
    }
    CHECK_THROWS_AS(check_layer(layers::AveragePooling2D{}, {6, 7, 3}), InvalidArgument);  // no pool_size
    CHECK_THROWS_AS(check_layer(layers::GlobalMaxPooling2D{}, {256, 256, 1}), NotImplemented);
    CHECK_THROWS_AS(check_layer(layers::GlobalAveragePooling2D{}, {25}), InvalidArgument);
}

TEST_CASE("check_layer: convolutions") {
    using layers::Conv2D, layers::DepthwiseConv2D, layers::SeparableConv2D;
    CHECK_NOTHROW(check_layer(Conv2D{.filters = 4, .kernel_size = {3, 2}, .dilation_rate = {2, 3}}, {9, 8, 2}));
    CHECK_NOTHROW(
        check_layer(Conv2D{.filters = 4, .kernel_size = {3, 3}, .padding = "same", .dilation_rate = {2, 1}}, {5, 6, 2}));
    CHECK_NOTHROW(check_layer(Conv2D{.filters = 5, .kernel_size = {1, 1}, .activation = "relu"}, {5, 6, 3}));
    for (const char* activation : {"linear", "relu", "sigmoid", "softmax"}) {
        CHECK_NOTHROW(check_layer(DepthwiseConv2D{.kernel_size = {3, 2}, .activation = activation}, {6, 5, 3}));
        CHECK_NOTHROW(check_layer(SeparableConv2D{.filters = 4, .kernel_size = {3, 2}, .activation = activation}, {6, 5, 3}));
    }
    CHECK_NOTHROW(check_layer(
        DepthwiseConv2D{.kernel_size = {3, 3}, .strides = {2, 1}, .padding = "same", .depth_multiplier = 2}, {7, 6, 3}));
    CHECK_NOTHROW(check_layer(
        DepthwiseConv2D{.kernel_size = {3, 3}, .padding = "same", .dilation_rate = {1, 2}, .use_bias = false}, {7, 6, 2}));
    CHECK_NOTHROW(check_layer(
        SeparableConv2D{.filters = 3, .kernel_size = {3, 3}, .padding = "same", .depth_multiplier = 2, .use_bias = false},
        {4, 5, 2}));
    CHECK_THROWS_AS(
        check_layer(Conv2D{.filters = 4, .kernel_size = {3, 3}, .strides = {2, 1}, .dilation_rate = {1, 2}}, {9, 9, 1}),
        InvalidArgument);
    CHECK_THROWS_AS(check_layer(Conv2D{.filters = 4, .kernel_size = {3, 3}, .dilation_rate = {4, 1}}, {8, 8, 1}),
                    InvalidArgument);  // 9 rows
    CHECK_THROWS_AS(check_layer(DepthwiseConv2D{.kernel_size = {3, 3}, .depth_multiplier = 0}, {8, 8, 1}), InvalidArgument);
}

TEST_CASE("check_layer: padding and augmentation") {
    CHECK_NOTHROW(check_layer(layers::ZeroPadding2D{}, {4, 5, 3}));
    CHECK_NOTHROW(check_layer(layers::ZeroPadding2D{.padding = {{{1, 0}, {3, 2}}}}, {4, 5, 2}));
    CHECK_NOTHROW(check_layer(layers::ZeroPadding2D{.padding = {{{0, 0}, {0, 0}}}}, {4, 5, 2}));
    for (const char* mode : {"horizontal", "vertical", "horizontal_and_vertical"})
        CHECK_NOTHROW(check_layer(layers::RandomFlip{.mode = mode}, {4, 5, 2}, {.batch = 6}));
    CHECK_NOTHROW(check_layer(layers::RandomCrop{.height = 3, .width = 4}, {5, 9, 2}, {.batch = 6}));
    CHECK_NOTHROW(check_layer(layers::RandomCrop{.height = 5, .width = 9}, {5, 9, 2}));
    for (const char* interpolation : {"bilinear", "nearest"})
        CHECK_NOTHROW(check_layer(layers::RandomTranslation{.height_factor = {-0.5, 0.5},
                                                            .width_factor = {-0.3, 0.9},
                                                            .fill_mode = "constant",
                                                            .interpolation = interpolation,
                                                            .fill_value = 0.25},
                                  {6, 7, 2}, {.batch = 6}));
    CHECK_THROWS_AS(check_layer(layers::RandomTranslation{.height_factor = {-0.5, 0.5}, .width_factor = {0, 0}}, {6, 7, 2}),
                    NotImplemented);
    CHECK_THROWS_AS(check_layer(layers::RandomCrop{.height = 6, .width = 4}, {5, 9, 2}), NotImplemented);
    CHECK_THROWS_AS(check_layer(layers::RandomTranslation{.height_factor = {-1.5, 0}, .width_factor = {0, 0}}, {6, 7, 2}),
                    InvalidArgument);
    CHECK_THROWS_WITH(Layer(layers::RandomTranslation{.height_factor = {0, 0}}),
                      "[RandomTranslation] width_factor must be given, shares from -1 to 1, the lower first; got "
                      "width_factor=(nan, nan); give such shares");
    CHECK_THROWS_AS(check_layer(layers::RandomFlip{.mode = "both"}, {6, 7, 2}), InvalidArgument);
}

TEST_CASE("augmentation draws by seed, epoch and the sample's index, not by its place in the batch") {
    const Shape shape{4, 5, 1};
    const Floats x = counted(20);
    Floats four;
    for (int i = 0; i < 4; ++i) four.insert(four.end(), x.begin(), x.end());
    for (const Layer& layer : {Layer(layers::RandomFlip{}), Layer(layers::RandomCrop{.height = 4, .width = 5}),
                               Layer(layers::RandomTranslation{.height_factor = {-1, 1}, .width_factor = {-1, 1}})}) {
        const Floats batch = output_of(layer, shape, 4, four, {.indices = {30, 7, 11, 2}});
        for (std::size_t i = 0; i < 4; ++i) {
            const std::int64_t index = std::vector<std::int64_t>{30, 7, 11, 2}[i];
            CHECK(first_difference(part(batch, i, 20), output_of(layer, shape, 1, x, {.indices = {index}})) == "");
        }
        CHECK(output_of(layer, shape, 4, four) == output_of(layer, shape, 4, four, {.indices = {0, 1, 2, 3}}));
        if (layer.type() != "RandomCrop") CHECK(output_of(layer, shape, 4, four, {.mode = Mode::inference}) == four);
    }
    const Layer translation = layers::RandomTranslation{.height_factor = {-1, 1}, .width_factor = {-1, 1}};
    const Floats first = output_of(translation, shape, 1, x);
    CHECK(first != output_of(translation, shape, 1, x, {.epoch = 1}));
    CHECK(first != output_of(translation, shape, 1, x, {.seed = 2}));
    CHECK(first != output_of(translation, shape, 1, x, {.indices = {1}}));
}

TEST_CASE("augmentation: every mirror and every piece comes up, and nothing else") {
    const Floats x{1, 2, 3, 4};
    std::set<Floats> mirrors, columns, pieces;
    for (std::int64_t i = 0; i < 64; ++i) {
        mirrors.insert(output_of(layers::RandomFlip{}, {2, 2, 1}, 1, x, {.indices = {i}}));
        columns.insert(output_of(layers::RandomFlip{.mode = "horizontal"}, {2, 2, 1}, 1, x, {.indices = {i}}));
        pieces.insert(output_of(layers::RandomCrop{.height = 1, .width = 1}, {2, 2, 1}, 1, x, {.indices = {i}}));
    }
    CHECK(mirrors == std::set<Floats>{{1, 2, 3, 4}, {2, 1, 4, 3}, {3, 4, 1, 2}, {4, 3, 2, 1}});
    CHECK(columns == std::set<Floats>{{1, 2, 3, 4}, {2, 1, 4, 3}});
    CHECK(pieces == std::set<Floats>{{1}, {2}, {3}, {4}});
    CHECK(output_of(layers::RandomCrop{.height = 1, .width = 2}, {4, 5, 1}, 1, counted(20), {.mode = Mode::inference}) ==
          Floats{7, 8});
}

TEST_CASE("augmentation: down and right are positive; a lone factor is both ways") {
    const Layer down = layers::RandomTranslation{.height_factor = {0.5, 0.5}, .width_factor = {0, 0}, .fill_mode = "constant"};
    CHECK(output_of(down, {4, 1, 1}, 1, {1, 2, 3, 4}) == Floats{0, 0, 1, 2});
    const Layer right = layers::RandomTranslation{
        .height_factor = {0, 0}, .width_factor = {0.125, 0.125}, .fill_mode = "constant", .fill_value = 3};
    CHECK(output_of(right, {1, 4, 1}, 1, {1, 2, 3, 4}) == Floats{2, 1.5F, 2.5F, 3.5F});
    CHECK(to_json(layer_from_json(R"({"type": "RandomTranslation", "height_factor": 0.25, "width_factor": [0.5, -0.5]})")) ==
          to_json(layers::RandomTranslation{.height_factor = {-0.25, 0.25}, .width_factor = {-0.5, 0.5}}));
}

TEST_CASE("augmentation: its streams are claimed; two of one name are refused") {
    Graph graph;
    graph.add(layers::Input{.shape = {4, 4, 1}}, {});
    graph.add(layers::RandomFlip{}, {0});
    graph.add(layers::RandomFlip{}, {1});
    CHECK(graph.nodes()[1].layer.impl().random_purpose() == "augment");
    CHECK(stream_of("augment", graph.nodes()[1].name) != stream_of("augment", graph.nodes()[2].name));
}

TEST_CASE("a padding is one number, two, or two pairs") {
    const auto padding = [](const char* text) {
        return to_json(layer_from_json(std::string(R"({"type": "ZeroPadding2D", "padding": )") + text + "}"));
    };
    CHECK(padding("2") == to_json(layers::ZeroPadding2D{.padding = {{{2, 2}, {2, 2}}}}));
    CHECK(padding("[1, 3]") == to_json(layers::ZeroPadding2D{.padding = {{{1, 1}, {3, 3}}}}));
    CHECK(padding("[[1, 2], [3, 4]]") == to_json(layers::ZeroPadding2D{.padding = {{{1, 2}, {3, 4}}}}));
    CHECK_THROWS_AS(padding("[1, 2, 3]"), TypeMismatch);
    CHECK(padding("[[1, 2], 3]") == to_json(layers::ZeroPadding2D{.padding = {{{1, 2}, {3, 3}}}}));
    CHECK_THROWS_AS(padding("-1"), InvalidArgument);
}
