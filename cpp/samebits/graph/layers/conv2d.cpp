#include "samebits/graph/layers/conv2d.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/convolution.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class Conv2DLayer final : public LayerImpl {
public:
    explicit Conv2DLayer(Conv2D spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Conv2D"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("filters", spec_.filters);
        v.field("kernel_size", spec_.kernel_size);
        v.field("strides", spec_.strides);
        v.field("padding", spec_.padding);
        v.field("dilation_rate", spec_.dilation_rate);
        v.field("activation", spec_.activation);
        v.field("use_bias", spec_.use_bias);
        v.field("kernel_initializer", spec_.kernel_initializer);
        v.field("bias_initializer", spec_.bias_initializer);
        v.field("kernel_regularizer", spec_.kernel_regularizer);
        v.field("bias_regularizer", spec_.bias_regularizer);
        v.field("algorithm", spec_.algorithm);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(spec_.filters >= 1, "[Conv2D] filters must be at least 1; got filters={}; give at least 1", spec_.filters);
        validate_convolution("Conv2D", spec_);
        const Algorithm algorithm = parse_algorithm(spec_.algorithm);
        require(algorithm == Algorithm::automatic || algorithm == Algorithm::direct || can_be_winograd(window_of(spec_)),
                "[Conv2D] algorithm=\"{}\" is for kernel_size 3x3 with strides and dilation_rate 1; got kernel_size={}, "
                "strides={}, dilation_rate={}; use algorithm=\"auto\"",
                spec_.algorithm, to_string(spec_.kernel_size), to_string(spec_.strides), to_string(spec_.dilation_rate));
        parse_activation("Conv2D", spec_.activation);
        spec_.kernel_initializer.validate("Conv2D");
        spec_.bias_initializer.validate("Conv2D");
        spec_.kernel_regularizer.validate("Conv2D");
        spec_.bias_regularizer.validate("Conv2D");
    }

    [[nodiscard]] OutputRange output_range() const override { return range_of(parse_activation("Conv2D", spec_.activation)); }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("Conv2D", inputs);
        require_window_fits("Conv2D", window_of(spec_), input);
        return window_of(spec_).output(input, spec_.filters);
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0][2];
        const auto [r, s] = spec_.kernel_size;
        element_count(Shape{r, s, c, spec_.filters});  // refuses sizes whose product overflows before fans are multiplied
        std::vector<WeightSpec> specs{{"kernel",
                                       {r, s, c, spec_.filters},
                                       spec_.kernel_initializer,
                                       r * s * c,
                                       r * s * spec_.filters,
                                       spec_.kernel_regularizer}};
        if (spec_.use_bias)
            specs.push_back(
                {"bias", {spec_.filters}, spec_.bias_initializer, spec_.filters, spec_.filters, spec_.bias_regularizer});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override {
        const ActivationKind kind = parse_activation("Conv2D", spec_.activation);
        const Ending ending{spec_.use_bias ? weights[1] : Value{}, fused_activation(kind)};
        const Algorithm algorithm = parse_algorithm(spec_.algorithm);
        return finish_activation(b, kind, conv2d(b, inputs[0], weights[0], window_of(spec_), ending, algorithm));
    }

private:
    Conv2D spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Conv2D& spec) { return checked<Conv2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_conv2d() { return std::make_shared<Conv2DLayer>(); }

}  // namespace samebits::layers
