#include "samebits/graph/layers/depthwise_conv2d.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/convolution.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class DepthwiseConv2DLayer final : public LayerImpl {
public:
    explicit DepthwiseConv2DLayer(DepthwiseConv2D spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "DepthwiseConv2D"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("kernel_size", spec_.kernel_size);
        v.field("strides", spec_.strides);
        v.field("padding", spec_.padding);
        v.field("depth_multiplier", spec_.depth_multiplier);
        v.field("dilation_rate", spec_.dilation_rate);
        v.field("activation", spec_.activation);
        v.field("use_bias", spec_.use_bias);
        v.field("depthwise_initializer", spec_.depthwise_initializer);
        v.field("bias_initializer", spec_.bias_initializer);
        v.field("depthwise_regularizer", spec_.depthwise_regularizer);
        v.field("bias_regularizer", spec_.bias_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        validate_convolution("DepthwiseConv2D", spec_);
        require(spec_.depth_multiplier >= 1,
                "[DepthwiseConv2D] depth_multiplier must be at least 1; got depth_multiplier={}; give at least 1",
                spec_.depth_multiplier);
        parse_activation("DepthwiseConv2D", spec_.activation);
        spec_.depthwise_initializer.validate("DepthwiseConv2D");
        spec_.bias_initializer.validate("DepthwiseConv2D");
        spec_.depthwise_regularizer.validate("DepthwiseConv2D");
        spec_.bias_regularizer.validate("DepthwiseConv2D");
    }

    [[nodiscard]] OutputRange output_range() const override {
        return range_of(parse_activation("DepthwiseConv2D", spec_.activation));
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("DepthwiseConv2D", inputs);
        require_window_fits("DepthwiseConv2D", window_of(spec_), input);
        return window_of(spec_).output(input, element_count(Shape{input[2], spec_.depth_multiplier}));
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0][2];
        const std::int64_t m = spec_.depth_multiplier;
        const auto [r, s] = spec_.kernel_size;
        element_count(Shape{r, s, c, m});  // refuses sizes whose product overflows before fans are multiplied
        std::vector<WeightSpec> specs{
            {"kernel", {r, s, c, m}, spec_.depthwise_initializer, r * s * c, r * s * m, spec_.depthwise_regularizer}};
        if (spec_.use_bias) specs.push_back({"bias", {c * m}, spec_.bias_initializer, c * m, c * m, spec_.bias_regularizer});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override {
        const ActivationKind kind = parse_activation("DepthwiseConv2D", spec_.activation);
        const Ending ending{spec_.use_bias ? weights[1] : Value{}, fused_activation(kind)};
        return finish_activation(b, kind, depthwise_conv2d(b, inputs[0], weights[0], window_of(spec_), ending));
    }

private:
    DepthwiseConv2D spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const DepthwiseConv2D& spec) { return checked<DepthwiseConv2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_depthwise_conv2d() { return std::make_shared<DepthwiseConv2DLayer>(); }

}  // namespace samebits::layers
