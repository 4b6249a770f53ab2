// What the pooling layers share: their steps, and the layer itself around the arguments of a kind.
#pragma once

#include <array>
#include <string_view>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {

// x (B, H, W, C) -> (B, P, Q, C) by windows that fit, and the gradient.
Value max_pool(Builder& b, Value x, const Window& window);
Value average_pool(Builder& b, Value x, const Window& window);

constexpr std::int64_t most_cells = 65535;  // of a window whose winners are remembered in 16 bits

// Kind::Spec: pool_size, strides ((0, 0): as pool_size), padding, name. Kind::type, and Kind::max: whether winners are
// remembered.
template <class Kind>
class Pooling2DLayer final : public LayerImpl {
    using Spec = typename Kind::Spec;

public:
    explicit Pooling2DLayer(Spec spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return Kind::type; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("pool_size", spec_.pool_size);
        auto strides = window().strides;  // said in full: "as the pool" is no number
        v.field("strides", strides);
        require(strides == spec_.pool_size || strides[0] != 0 || strides[1] != 0,
                "[{}] strides must be from 1 to 1048576; got strides=(0, 0); leave it out for pool_size", Kind::type);
        spec_.strides = strides;
        v.field("padding", spec_.padding);
        v.field("name", spec_.name);
    }

    void validate() const override {
        validate_window(Kind::type, "pool_size", spec_.pool_size, window().strides, spec_.padding);
        require<NotImplemented>(
            !Kind::max || spec_.pool_size[0] * spec_.pool_size[1] <= most_cells,
            "[{}] windows of more than {} cells are not implemented yet; got pool_size={}; pool twice by smaller windows",
            Kind::type, most_cells, to_string(spec_.pool_size));
    }

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input(Kind::type, inputs);
        require_window_fits(Kind::type, window(), input);
        return window().output(input, input[2]);
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        return (Kind::max ? max_pool : average_pool)(b, inputs[0], window());
    }

private:
    [[nodiscard]] Window window() const {
        const bool as_pool = spec_.strides == std::array<std::int64_t, 2>{0, 0};
        return {spec_.pool_size, as_pool ? spec_.pool_size : spec_.strides, spec_.padding == "same"};
    }

    Spec spec_;
};

// One window over the whole input. Kind::Spec: keepdims, name.
template <class Kind>
class GlobalPooling2DLayer final : public LayerImpl {
    using Spec = typename Kind::Spec;

public:
    explicit GlobalPooling2DLayer(Spec spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return Kind::type; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("keepdims", spec_.keepdims);
        v.field("name", spec_.name);
    }
    void validate() const override {}

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input(Kind::type, inputs);
        require_image(Kind::type, input);
        require<NotImplemented>(
            !Kind::max || input[0] * input[1] <= most_cells,
            "[{}] images of more than {} pixels are not implemented yet; got input shape {}; put a MaxPooling2D before it",
            Kind::type, most_cells, with_batch(input));
        return spec_.keepdims ? Shape{1, 1, input[2]} : Shape{input[2]};
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Shape input = b.shape(inputs[0]);
        const Value y = (Kind::max ? max_pool : average_pool)(b, inputs[0], {{input[0], input[1]}, {1, 1}, false});
        return spec_.keepdims ? y : b.reshaped(y, {input[2]});
    }

private:
    Spec spec_;
};

}  // namespace samebits::layers
