#include "samebits/graph/layers/separable_conv2d.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/convolution.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class SeparableConv2DLayer final : public LayerImpl {
public:
    explicit SeparableConv2DLayer(SeparableConv2D spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "SeparableConv2D"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("filters", spec_.filters);
        v.field("kernel_size", spec_.kernel_size);
        v.field("strides", spec_.strides);
        v.field("padding", spec_.padding);
        v.field("dilation_rate", spec_.dilation_rate);
        v.field("depth_multiplier", spec_.depth_multiplier);
        v.field("activation", spec_.activation);
        v.field("use_bias", spec_.use_bias);
        v.field("depthwise_initializer", spec_.depthwise_initializer);
        v.field("pointwise_initializer", spec_.pointwise_initializer);
        v.field("bias_initializer", spec_.bias_initializer);
        v.field("depthwise_regularizer", spec_.depthwise_regularizer);
        v.field("pointwise_regularizer", spec_.pointwise_regularizer);
        v.field("bias_regularizer", spec_.bias_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(spec_.filters >= 1, "[SeparableConv2D] filters must be at least 1; got filters={}; give at least 1",
                spec_.filters);
        validate_convolution("SeparableConv2D", spec_);
        require(spec_.depth_multiplier >= 1,
                "[SeparableConv2D] depth_multiplier must be at least 1; got depth_multiplier={}; give at least 1",
                spec_.depth_multiplier);
        parse_activation("SeparableConv2D", spec_.activation);
        for (const Initializer* i : {&spec_.depthwise_initializer, &spec_.pointwise_initializer, &spec_.bias_initializer})
            i->validate("SeparableConv2D");
        for (const Regularizer* r : {&spec_.depthwise_regularizer, &spec_.pointwise_regularizer, &spec_.bias_regularizer})
            r->validate("SeparableConv2D");
    }

    [[nodiscard]] OutputRange output_range() const override {
        return range_of(parse_activation("SeparableConv2D", spec_.activation));
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("SeparableConv2D", inputs);
        require_window_fits("SeparableConv2D", window_of(spec_), input);
        return window_of(spec_).output(input, spec_.filters);
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0][2];
        const std::int64_t m = spec_.depth_multiplier;
        const auto [r, s] = spec_.kernel_size;
        element_count(Shape{r, s, c, m});  // refuses sizes whose product overflows before fans are multiplied
        std::vector<WeightSpec> specs{
            {"depthwise_kernel", {r, s, c, m}, spec_.depthwise_initializer, r * s * c, r * s * m, spec_.depthwise_regularizer},
            {"pointwise_kernel",
             {1, 1, c * m, spec_.filters},
             spec_.pointwise_initializer,
             c * m,
             spec_.filters,
             spec_.pointwise_regularizer}};
        if (spec_.use_bias)
            specs.push_back(
                {"bias", {spec_.filters}, spec_.bias_initializer, spec_.filters, spec_.filters, spec_.bias_regularizer});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override {
        const ActivationKind kind = parse_activation("SeparableConv2D", spec_.activation);
        const Ending ending{spec_.use_bias ? weights[2] : Value{}, fused_activation(kind)};
        const Value between =
            depthwise_conv2d(b, inputs[0], weights[0], window_of(spec_), {Value{}, kernels::Activation::linear});
        return finish_activation(b, kind, conv2d(b, between, weights[1], {{1, 1}, {1, 1}, false}, ending));
    }

private:
    SeparableConv2D spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const SeparableConv2D& spec) { return checked<SeparableConv2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_separable_conv2d() { return std::make_shared<SeparableConv2DLayer>(); }

}  // namespace samebits::layers
