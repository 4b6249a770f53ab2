#include "samebits/graph/layers/layer_normalization.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/rows.h"

namespace samebits::layers {
namespace {

class LayerNormalizationLayer final : public LayerImpl {
public:
    explicit LayerNormalizationLayer(LayerNormalization spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "LayerNormalization"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("axis", spec_.axis);
        v.field("epsilon", spec_.epsilon);
        v.field("center", spec_.center);
        v.field("scale", spec_.scale);
        v.field("beta_initializer", spec_.beta_initializer);
        v.field("gamma_initializer", spec_.gamma_initializer);
        v.field("beta_regularizer", spec_.beta_regularizer);
        v.field("gamma_regularizer", spec_.gamma_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(static_cast<float>(spec_.epsilon) > 0 && std::isfinite(static_cast<float>(spec_.epsilon)),
                "[LayerNormalization] epsilon must be finite and above 0 in float32; got epsilon={}; give a positive number",
                spec_.epsilon);
        spec_.beta_initializer.validate("LayerNormalization");
        spec_.gamma_initializer.validate("LayerNormalization");
        spec_.beta_regularizer.validate("LayerNormalization");
        spec_.gamma_regularizer.validate("LayerNormalization");
    }

    [[nodiscard]] OutputRange output_range() const override { return OutputRange::any; }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("LayerNormalization", inputs);
        require_last_axis("LayerNormalization", spec_.axis, input);
        return input;
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0].back();
        std::vector<WeightSpec> specs;
        if (spec_.scale) specs.push_back({"gamma", {c}, spec_.gamma_initializer, c, c, spec_.gamma_regularizer});
        if (spec_.center) specs.push_back({"beta", {c}, spec_.beta_initializer, c, c, spec_.beta_regularizer});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    LayerNormalization spec_;
};

struct Operands {
    Value x, gamma, beta, y;
    BufferId mean, inv;  // of each row, kept for the gradient
    BufferId gamma_at, beta_at;
    Rows rows;
    float epsilon;

    [[nodiscard]] kernels::LayerNorm in(const Frame& f) const {
        return {f.batch * rows.count(), rows.c,         numerics::over_pixels(f.batch, rows.p, rows.q), epsilon,
                f.data(gamma_at),       f.data(beta_at)};
    }
};

void layer_normalization_backward(Builder& b, const Operands& o, BufferId gradient) {
    const BufferId x = b.buffer_of(o.x);
    const bool gamma = o.gamma_at != no_buffer && b.needs_gradient(o.gamma);
    const bool beta = o.beta_at != no_buffer && b.needs_gradient(o.beta);
    if (gamma || beta) {
        const std::size_t bytes = static_cast<std::size_t>(o.rows.c) * sizeof(float);
        const BufferId dgamma = b.buffer(Role::weight_gradient, bytes);
        const BufferId dbeta = b.buffer(Role::weight_gradient, bytes);
        b.step("layer normalization weight gradient", {x, gradient, o.mean, o.inv}, {dgamma, dbeta}, [=](const Frame& f) {
            f.kernels->layer_norm_weight_gradient(o.in(f), f.data(x), f.data(gradient), f.data(o.mean), f.data(o.inv),
                                                  f.data(dgamma), f.data(dbeta));
        });
        if (gamma) b.add_gradient(o.gamma, dgamma);
        if (beta) b.add_gradient(o.beta, dbeta);
    }
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.exclusive(gradient);
        b.step("layer normalization input gradient", {x, gradient, o.mean, o.inv, o.gamma_at}, {dx}, [=](const Frame& f) {
            f.kernels->layer_norm_input_gradient(o.in(f), f.data(x), f.data(gradient), f.data(o.mean), f.data(o.inv),
                                                 f.data(dx));
        });
        b.add_gradient(o.x, dx);
    }
}

Value LayerNormalizationLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const {
    const Value x = inputs[0];
    const Value gamma = spec_.scale ? weights[0] : Value{};
    const Value beta = spec_.center ? weights.back() : Value{};
    const Rows rows(b.shape(x));
    const auto row_bytes = static_cast<std::size_t>(b.batch() * rows.count()) * sizeof(float);
    const auto per_row = [&] { return b.training() ? b.buffer(Role::activation, row_bytes) : no_buffer; };
    const Operands o{x,
                     gamma,
                     beta,
                     b.activation(b.shape(x)),
                     per_row(),
                     per_row(),
                     spec_.scale ? b.buffer_of(gamma) : no_buffer,
                     spec_.center ? b.buffer_of(beta) : no_buffer,
                     rows,
                     static_cast<float>(spec_.epsilon)};
    b.step("layer normalization", {b.buffer_of(x), o.gamma_at, o.beta_at}, {b.buffer_of(o.y), o.mean, o.inv},
           [=, in = b.buffer_of(x), out = b.buffer_of(o.y)](const Frame& f) {
               f.kernels->layer_norm_forward(o.in(f), f.data(in), f.data(o.mean), f.data(o.inv), f.data(out));
           });
    std::vector<Value> uses{x};
    uses.insert(uses.end(), weights.begin(), weights.end());
    b.op(o.y, uses, [=](Builder& builder, BufferId gradient) { layer_normalization_backward(builder, o, gradient); });
    return o.y;
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const LayerNormalization& spec) { return checked<LayerNormalizationLayer>(spec); }
std::shared_ptr<LayerImpl> new_layer_normalization() { return std::make_shared<LayerNormalizationLayer>(); }

}  // namespace samebits::layers
