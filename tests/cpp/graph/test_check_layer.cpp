// Every layer passes the public check, and the check can fail.
#include <string>

#include "samebits/base/check.h"
#include "samebits/graph/check_layer.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers.h"
#include "support/catch.h"

using namespace samebits;

namespace {

// y = 2x, with a mistake to choose.
enum class Mistake { none, gradient, neighbours, unwritten };

class Doubling final : public LayerImpl {
public:
    explicit Doubling(Mistake mistake) : mistake_(mistake) {}
    [[nodiscard]] std::string_view type() const override { return "Doubling"; }
    [[nodiscard]] const std::string& name() const override { return name_; }
    void visit(FieldVisitor&) override {}
    void validate() const override {}
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override { return inputs[0]; }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value>) const override {
        const Value x = inputs[0];
        const Value y = b.activation(b.shape(x));
        const std::int64_t size = element_count(b.shape(x));
        b.step("double", {b.buffer_of(x)}, {b.buffer_of(y)},
               [=, from = b.buffer_of(x), to = b.buffer_of(y), mistake = mistake_](const Frame& f) {
                   const std::int64_t count = f.batch * size - (mistake == Mistake::unwritten ? 1 : 0);
                   for (std::int64_t i = 0; i < count; ++i) f.data(to)[i] = 2 * f.data(from)[i];
                   if (mistake == Mistake::neighbours) f.data(to)[0] += 1e-6F * static_cast<float>(f.batch);
               });
        b.op(y, inputs, [=, mistake = mistake_](Builder& builder, BufferId gradient) {
            const BufferId dx = builder.exclusive(gradient);
            builder.step("double gradient", {gradient}, {dx}, [=](const Frame& f) {
                for (std::int64_t i = 0; i < f.batch * size; ++i)
                    f.data(dx)[i] = (mistake == Mistake::gradient ? 1.7F : 2.0F) * f.data(gradient)[i];
            });
            builder.add_gradient(x, dx);
        });
        return y;
    }

private:
    Mistake mistake_;
    std::string name_;
};

Layer doubling(Mistake mistake) { return Layer(std::make_shared<Doubling>(mistake)); }

}  // namespace

TEST_CASE("check_layer: every layer passes") {
    for (const char* activation : {"linear", "relu", "tanh", "sigmoid", "softmax"}) {
        CHECK_NOTHROW(check_layer(layers::Dense{.units = 7, .activation = activation}, {19}));
        CHECK_NOTHROW(check_layer(layers::Activation{.activation = activation}, {4, 5}));
        CHECK_NOTHROW(check_layer(layers::Conv2D{.filters = 5, .kernel_size = {3, 2}, .activation = activation}, {6, 5, 3}));
    }
    CHECK_NOTHROW(check_layer(layers::Dense{.units = 3, .use_bias = false, .kernel_initializer = "he_normal"}, {4, 5, 6}));
    CHECK_NOTHROW(check_layer(layers::Dense{.units = 2}, {600}));
    CHECK_NOTHROW(
        check_layer(layers::Conv2D{.filters = 4, .kernel_size = {3, 3}, .strides = {2, 1}, .padding = "same"}, {7, 8, 2}));
    CHECK_NOTHROW(check_layer(layers::MaxPooling2D{}, {6, 7, 3}));
    CHECK_NOTHROW(check_layer(layers::MaxPooling2D{.pool_size = {3, 2}, .strides = {1, 2}, .padding = "same"}, {5, 6, 2}));
    CHECK_NOTHROW(check_layer(layers::Flatten{}, {3, 4, 2}));
    CHECK_NOTHROW(check_layer(layers::Dropout{.rate = 0.4}, {50}));
    CHECK_NOTHROW(check_layer(layers::Dropout{.rate = 0}, {50}));
}

TEST_CASE("check_layer: a batch of one and a larger one") {
    CHECK_NOTHROW(check_layer(layers::Conv2D{.filters = 3, .kernel_size = {3, 3}}, {5, 5, 2}, {.batch = 1}));
    CHECK_NOTHROW(check_layer(layers::Conv2D{.filters = 3, .kernel_size = {3, 3}}, {5, 5, 2}, {.batch = 9}));
}

TEST_CASE("check_layer: a wrong layer does not pass") {
    CHECK_NOTHROW(check_layer(doubling(Mistake::none), {10}));
    for (const Mistake mistake : {Mistake::gradient, Mistake::neighbours, Mistake::unwritten})
        CHECK_THROWS_AS(check_layer(doubling(mistake), {10}), RunFailed);
}

TEST_CASE("check_layer: a shape the layer cannot take is the caller's mistake") {
    CHECK_THROWS_AS(check_layer(layers::MaxPooling2D{}, {10}), InvalidArgument);
    CHECK_THROWS_AS(check_layer(layers::Dense{.units = 3}, {10}, {.batch = 0}), InvalidArgument);
}
