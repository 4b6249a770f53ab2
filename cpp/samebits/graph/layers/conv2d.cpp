#include "samebits/graph/layers/conv2d.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/window.h"

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
        v.field("activation", spec_.activation);
        v.field("use_bias", spec_.use_bias);
        v.field("kernel_initializer", spec_.kernel_initializer);
        v.field("bias_initializer", spec_.bias_initializer);
        v.field("kernel_regularizer", spec_.kernel_regularizer);
        v.field("bias_regularizer", spec_.bias_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(spec_.filters >= 1, "[Conv2D] filters must be at least 1; got filters={}", spec_.filters);
        validate_window("Conv2D", "kernel_size", spec_.kernel_size, spec_.strides, spec_.padding);
        parse_activation("Conv2D", spec_.activation);
        spec_.kernel_initializer.validate("Conv2D");
        spec_.bias_initializer.validate("Conv2D");
        spec_.kernel_regularizer.validate("Conv2D");
        spec_.bias_regularizer.validate("Conv2D");
    }

    [[nodiscard]] Window window() const { return {spec_.kernel_size, spec_.strides, spec_.padding == "same"}; }

    [[nodiscard]] OutputRange output_range() const override { return range_of(parse_activation("Conv2D", spec_.activation)); }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("Conv2D", inputs);
        require_window_fits("Conv2D", window(), input);
        return {window().place(0, input[0]).outputs, window().place(1, input[1]).outputs, spec_.filters};
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

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    [[nodiscard]] kernels::Conv2D kernel_arguments(const Shape& input) const {
        const auto [p, pad_top] = window().place(0, input[0]);
        const auto [q, pad_left] = window().place(1, input[1]);
        return {.n = 0,
                .h = input[0],
                .w = input[1],
                .c = input[2],
                .k = spec_.filters,
                .r = spec_.kernel_size[0],
                .s = spec_.kernel_size[1],
                .stride_h = spec_.strides[0],
                .stride_w = spec_.strides[1],
                .pad_top = pad_top,
                .pad_left = pad_left,
                .p = p,
                .q = q};
    }

    Conv2D spec_;
};

struct Operands {
    Value x, w, bias, y;
    kernels::Conv2D conv;

    [[nodiscard]] kernels::Conv2D at(std::int64_t batch) const {
        kernels::Conv2D c = conv;
        c.n = batch;
        return c;
    }
};

void conv2d_backward(Builder& b, const Operands& o, kernels::Activation activation, BufferId gradient) {
    const BufferId dz = activation_gradient(b, activation, o.y, gradient);
    const BufferId x = b.buffer_of(o.x);
    const BufferId w = b.buffer_of(o.w);
    const auto workspace = [&](kernels::ConvPass pass) {
        return b.workspace(b.kernels().conv2d_workspace(o.at(b.batch()), pass));
    };
    if (b.needs_gradient(o.w)) {
        const BufferId dw = b.buffer(Role::weight_gradient, b.bytes_of(w));
        const BufferId space = workspace(kernels::ConvPass::weight_gradient);
        b.step("conv2d weight gradient", {x, dz}, {dw, space}, [=](const Frame& f) {
            f.kernels->conv2d_weight_gradient(o.at(f.batch), f.data(x), f.data(dz), f.data(dw), f.data<std::byte>(space));
        });
        b.add_gradient(o.w, dw);
    }
    if (o.bias.id >= 0 && b.needs_gradient(o.bias)) {
        const BufferId db = b.buffer(Role::weight_gradient, b.bytes_of(b.buffer_of(o.bias)));
        b.step("conv2d bias gradient", {dz}, {db}, [=](const Frame& f) {
            const kernels::Conv2D& c = o.conv;
            f.kernels->column_sum(f.batch * c.p * c.q, c.k, numerics::over_pixels(f.batch, c.p, c.q), f.data(dz), f.data(db));
        });
        b.add_gradient(o.bias, db);
    }
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.buffer(Role::gradient, b.bytes_of(x));
        const BufferId space = workspace(kernels::ConvPass::input_gradient);
        b.step("conv2d input gradient", {dz, w}, {dx, space}, [=](const Frame& f) {
            f.kernels->conv2d_input_gradient(o.at(f.batch), f.data(dz), f.data(w), f.data(dx), f.data<std::byte>(space));
        });
        b.add_gradient(o.x, dx);
    }
}

Value Conv2DLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const {
    const ActivationKind kind = parse_activation("Conv2D", spec_.activation);
    const kernels::Activation fused = fused_activation(kind);
    const Shape input = b.shape(inputs[0]);
    const Operands o{inputs[0], weights[0], spec_.use_bias ? weights[1] : Value{},
                     b.activation(output_shape(std::span(&input, 1))), kernel_arguments(input)};
    const BufferId bias = o.bias.id >= 0 ? b.buffer_of(o.bias) : no_buffer;
    const BufferId space = b.workspace(b.kernels().conv2d_workspace(o.at(b.batch()), kernels::ConvPass::forward));
    b.step("conv2d", {b.buffer_of(o.x), b.buffer_of(o.w), bias}, {b.buffer_of(o.y), space},
           [=, x = b.buffer_of(o.x), w = b.buffer_of(o.w), y = b.buffer_of(o.y)](const Frame& f) {
               f.kernels->conv2d_forward(o.at(f.batch), f.data(x), f.data(w), f.data(bias), fused, f.data(y),
                                         f.data<std::byte>(space));
           });
    const Value uses[] = {o.x, o.w, o.bias.id >= 0 ? o.bias : o.w};
    b.op(o.y, uses, [=](Builder& builder, BufferId gradient) { conv2d_backward(builder, o, fused, gradient); });
    return finish_activation(b, kind, o.y);
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Conv2D& spec) { return checked<Conv2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_conv2d() { return std::make_shared<Conv2DLayer>(); }

}  // namespace samebits::layers
