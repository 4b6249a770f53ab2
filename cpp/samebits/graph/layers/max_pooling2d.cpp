#include "samebits/graph/layers/max_pooling2d.h"

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {
namespace {

class MaxPooling2DLayer final : public LayerImpl {
public:
    explicit MaxPooling2DLayer(MaxPooling2D spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "MaxPooling2D"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("pool_size", spec_.pool_size);
        auto strides = window().strides;  // said in full: "as the pool" is no number
        v.field("strides", strides);
        require(strides == spec_.pool_size || strides[0] != 0 || strides[1] != 0,
                "[MaxPooling2D] strides must be from 1 to 1048576; got strides=(0, 0)");
        spec_.strides = strides;
        v.field("padding", spec_.padding);
        v.field("name", spec_.name);
    }

    void validate() const override {
        validate_window("MaxPooling2D", "pool_size", spec_.pool_size, window().strides, spec_.padding);
        require(spec_.pool_size[0] * spec_.pool_size[1] <= 65535,
                "[MaxPooling2D] a window has at most 65535 cells; got pool_size={}", to_string(spec_.pool_size));
    }

    [[nodiscard]] Window window() const {
        const bool as_pool = spec_.strides == std::array<std::int64_t, 2>{0, 0};
        return {spec_.pool_size, as_pool ? spec_.pool_size : spec_.strides, spec_.padding == "same"};
    }

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("MaxPooling2D", inputs);
        require_window_fits("MaxPooling2D", window(), input);
        return {window().place(0, input[0]).outputs, window().place(1, input[1]).outputs, input[2]};
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Value x = inputs[0];
        const Shape input = b.shape(x);
        const Value y = b.activation(output_shape(std::span(&input, 1)));
        const kernels::MaxPool2D pool = kernel_arguments(input);
        const BufferId winner =
            b.needs_gradient(x) ? b.buffer(Role::activation, b.bytes_of(b.buffer_of(y)) / sizeof(float) * sizeof(std::uint16_t))
                                : no_buffer;
        b.step("max_pool2d", {b.buffer_of(x)}, {b.buffer_of(y), winner},
               [=, in = b.buffer_of(x), out = b.buffer_of(y)](const Frame& f) {
                   f.kernels->max_pool2d_forward(at(pool, f), f.data(in), f.data(out), f.data<std::uint16_t>(winner));
               });
        b.op(y, inputs, [=](Builder& builder, BufferId gradient) {
            const BufferId dx = builder.buffer(Role::gradient, builder.bytes_of(builder.buffer_of(x)));
            builder.step("max_pool2d gradient", {gradient, winner}, {dx}, [=](const Frame& f) {
                f.kernels->max_pool2d_gradient(at(pool, f), f.data(gradient), f.data<std::uint16_t>(winner), f.data(dx));
            });
            builder.add_gradient(x, dx);
        });
        return y;
    }

private:
    static kernels::MaxPool2D at(kernels::MaxPool2D pool, const Frame& f) {
        pool.n = f.batch;
        return pool;
    }

    [[nodiscard]] kernels::MaxPool2D kernel_arguments(const Shape& input) const {
        const Window w = window();
        const auto [p, pad_top] = w.place(0, input[0]);
        const auto [q, pad_left] = w.place(1, input[1]);
        return {.n = 0,
                .h = input[0],
                .w = input[1],
                .c = input[2],
                .r = w.size[0],
                .s = w.size[1],
                .stride_h = w.strides[0],
                .stride_w = w.strides[1],
                .pad_top = pad_top,
                .pad_left = pad_left,
                .p = p,
                .q = q};
    }

    MaxPooling2D spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const MaxPooling2D& spec) { return checked<MaxPooling2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_max_pooling2d() { return std::make_shared<MaxPooling2DLayer>(); }

}  // namespace samebits::layers
