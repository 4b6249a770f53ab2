#include "samebits/graph/layers/random_translation.h"

#include <algorithm>
#include <cmath>

#include "samebits/base/check.h"
#include "samebits/base/names.h"
#include "samebits/base/stream.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/augmentation.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {
namespace {

constexpr std::string_view fills[] = {"constant", "nearest", "reflect", "wrap"};  // in the order of kernels::Fill

class RandomTranslationLayer final : public LayerImpl {
public:
    explicit RandomTranslationLayer(RandomTranslation spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "RandomTranslation"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    [[nodiscard]] std::string_view random_purpose() const override { return "augment"; }
    void visit(FieldVisitor& v) override {
        v.field("height_factor", spec_.height_factor);
        v.field("width_factor", spec_.width_factor);
        v.field("fill_mode", spec_.fill_mode);
        v.field("interpolation", spec_.interpolation);
        v.field("fill_value", spec_.fill_value);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require_shares("height_factor", spec_.height_factor);
        require_shares("width_factor", spec_.width_factor);
        require(std::find(std::begin(fills), std::end(fills), spec_.fill_mode) != std::end(fills),
                "[RandomTranslation] unknown fill_mode; got fill_mode=\"{}\"; use {}", spec_.fill_mode, list_of(fills));
        require(spec_.interpolation == "bilinear" || spec_.interpolation == "nearest",
                "[RandomTranslation] interpolation must be \"bilinear\" or \"nearest\"; got interpolation=\"{}\"; choose one "
                "of them",
                spec_.interpolation);
        require(std::isfinite(static_cast<float>(spec_.fill_value)),
                "[RandomTranslation] fill_value must be finite; got {}; give a finite number", spec_.fill_value);
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("RandomTranslation", inputs);
        require_image("RandomTranslation", input);
        return input;
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    static void require_shares(const char* name, const std::array<double, 2>& factor) {
        require(factor[0] >= -1 && factor[0] <= factor[1] && factor[1] <= 1,
                "[RandomTranslation] {} must be given, shares from -1 to 1, the lower first; got {}=({}, {}); give such shares",
                name, name, factor[0], factor[1]);
    }
    [[nodiscard]] kernels::Translate2D kernel_arguments(const Shape& input) const {
        const auto fill = std::find(std::begin(fills), std::end(fills), spec_.fill_mode) - std::begin(fills);
        return {0,         input[0], input[1], input[2], static_cast<kernels::Fill>(fill), static_cast<float>(spec_.fill_value),
                bilinear()};
    }
    [[nodiscard]] bool bilinear() const { return spec_.interpolation == "bilinear"; }

    RandomTranslation spec_;
};

void emit(Builder& b, const char* op, const kernels::Translate2D& translate, BufferId from, BufferId shifts, BufferId to) {
    b.step(op, {from, shifts}, {to}, [=](const Frame& f) {
        kernels::Translate2D t = translate;
        t.n = f.batch;
        f.kernels->translate2d(t, f.data<kernels::Shift>(shifts), f.data(from), f.data(to));
    });
}

// A pixel that is mixed from two with the parts 1 - t and t gives them its gradient in these parts: the image of the gradient,
// shifted back by one more, with the parts exchanged.
kernels::Shift shifted_back(const kernels::Shift& shift, bool bilinear) {
    if (!bilinear) return {-shift.row, -shift.col, 0.0F, 0.0F};
    return {-shift.row - 1, -shift.col - 1, 1.0F - shift.row_part, 1.0F - shift.col_part};
}

Value RandomTranslationLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const {
    const Value x = inputs[0];
    if (!b.training()) return x;
    require<NotImplemented>(
        !b.needs_gradient(x) || spec_.fill_mode == "constant",
        "[RandomTranslation] no gradient passes through fill_mode=\"{}\" yet; got layers with weights before "
        "it; put it before them, or use fill_mode=\"constant\"",
        spec_.fill_mode);
    const kernels::Translate2D translate = kernel_arguments(b.shape(x));
    const Translation draws{spec_.height_factor, spec_.width_factor, translate.h, translate.w, bilinear()};
    const std::size_t bytes = static_cast<std::size_t>(b.batch()) * sizeof(kernels::Shift);
    const BufferId shifts = b.buffer(Role::activation, bytes);
    const Value y = b.activation(b.shape(x));
    b.step("shifts", {}, {shifts}, [=, stream = stream_of("augment", b.layer())](const Frame& f) {
        auto* shift = f.data<kernels::Shift>(shifts);
        for (std::int64_t i = 0; i < f.batch; ++i) shift[i] = random_shift(augmentation_block(f, stream, i), draws);
    });
    emit(b, "translate2d", translate, b.buffer_of(x), shifts, b.buffer_of(y));
    b.op(y, inputs, [=](Builder& builder, BufferId gradient) {
        const BufferId back = builder.buffer(Role::workspace, bytes);
        const BufferId dx = builder.buffer(Role::gradient, builder.bytes_of(gradient));
        builder.step("shifts gradient", {shifts}, {back}, [=](const Frame& f) {
            for (std::int64_t i = 0; i < f.batch; ++i)
                f.data<kernels::Shift>(back)[i] = shifted_back(f.data<kernels::Shift>(shifts)[i], draws.bilinear);
        });
        kernels::Translate2D zeros = translate;
        zeros.value = 0.0F;
        emit(builder, "translate2d gradient", zeros, gradient, back, dx);
        builder.add_gradient(x, dx);
    });
    return y;
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const RandomTranslation& spec) { return checked<RandomTranslationLayer>(spec); }
std::shared_ptr<LayerImpl> new_random_translation() { return std::make_shared<RandomTranslationLayer>(); }

}  // namespace samebits::layers
