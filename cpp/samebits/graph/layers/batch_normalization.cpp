#include "samebits/graph/layers/batch_normalization.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/rows.h"
#include "samebits/numerics/sabotage.h"

namespace samebits::layers {
namespace {

class BatchNormalizationLayer final : public LayerImpl {
public:
    explicit BatchNormalizationLayer(BatchNormalization spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "BatchNormalization"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("axis", spec_.axis);
        v.field("momentum", spec_.momentum);
        v.field("epsilon", spec_.epsilon);
        v.field("center", spec_.center);
        v.field("scale", spec_.scale);
        v.field("beta_initializer", spec_.beta_initializer);
        v.field("gamma_initializer", spec_.gamma_initializer);
        v.field("moving_mean_initializer", spec_.moving_mean_initializer);
        v.field("moving_variance_initializer", spec_.moving_variance_initializer);
        v.field("beta_regularizer", spec_.beta_regularizer);
        v.field("gamma_regularizer", spec_.gamma_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(spec_.momentum >= 0 && spec_.momentum <= 1,
                "[BatchNormalization] momentum must be in [0, 1]; got momentum={}; give a number in this range",
                spec_.momentum);
        require(static_cast<float>(spec_.epsilon) > 0 && std::isfinite(static_cast<float>(spec_.epsilon)),
                "[BatchNormalization] epsilon must be finite and above 0 in float32; got epsilon={}; give a positive number",
                spec_.epsilon);
        for (const Initializer* initializer : {&spec_.beta_initializer, &spec_.gamma_initializer,
                                               &spec_.moving_mean_initializer, &spec_.moving_variance_initializer})
            initializer->validate("BatchNormalization");
        spec_.beta_regularizer.validate("BatchNormalization");
        spec_.gamma_regularizer.validate("BatchNormalization");
    }

    [[nodiscard]] OutputRange output_range() const override { return OutputRange::any; }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("BatchNormalization", inputs);
        require_last_axis("BatchNormalization", spec_.axis, input);
        return input;
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0].back();
        std::vector<WeightSpec> specs;
        if (spec_.scale) specs.push_back({"gamma", {c}, spec_.gamma_initializer, c, c, spec_.gamma_regularizer});
        if (spec_.center) specs.push_back({"beta", {c}, spec_.beta_initializer, c, c, spec_.beta_regularizer});
        specs.push_back({"moving_mean", {c}, spec_.moving_mean_initializer, c, c, {}, false});
        specs.push_back({"moving_variance", {c}, spec_.moving_variance_initializer, c, c, {}, false});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    BatchNormalization spec_;
};

struct Operands {
    Value x, gamma, beta, y;
    BufferId mean, variance;  // of the batch; in inference the moving ones
    BufferId gamma_at, beta_at;
    Rows rows;
    float epsilon;

    [[nodiscard]] kernels::BatchNorm in(const Frame& f, const Builder::Extension& more = {}) const {
        return {f.batch * rows.count(),
                rows.c,
                numerics::over_pixels(f.batch, rows.p, rows.q),
                epsilon,
                f.data(gamma_at),
                f.data(beta_at),
                f.data(more.addend),
                more.relu};
    }
};

void emit_forward(Builder& b, const Operands& o, const Builder::Extension& more, BufferId y) {
    b.step("batch normalization", {b.buffer_of(o.x), o.mean, o.variance, o.gamma_at, o.beta_at, more.addend}, {y},
           [=, x = b.buffer_of(o.x)](const Frame& f) {
               f.kernels->batch_norm_forward(o.in(f, more), f.data(x), f.data(o.mean), f.data(o.variance), f.data(y));
           })
        .may_overwrite = true;
}

void batch_normalization_backward(Builder& b, const Operands& o, BufferId gradient) {
    const BufferId x = b.buffer_of(o.x);
    const BufferId dgamma = b.buffer(Role::weight_gradient, b.bytes_of(o.mean));
    const BufferId dbeta = b.buffer(Role::weight_gradient, b.bytes_of(o.mean));
    const Builder::Extension more{.relu = b.has_gradient_of_relu(o.y)};
    b.step("batch normalization weight gradient", {x, gradient, o.mean, o.variance, o.gamma_at, o.beta_at}, {dgamma, dbeta},
           [=](const Frame& f) {
               f.kernels->batch_norm_weight_gradient(o.in(f, more), f.data(x), f.data(gradient), f.data(o.mean),
                                                     f.data(o.variance), f.data(dgamma), f.data(dbeta));
           });
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.exclusive(gradient);
        b.step("batch normalization input gradient", {x, gradient, o.mean, o.variance, o.gamma_at, o.beta_at, dgamma, dbeta},
               {dx}, [=](const Frame& f) {
                   f.kernels->batch_norm_input_gradient(o.in(f, more), f.data(x), f.data(gradient), f.data(o.mean),
                                                        f.data(o.variance), f.data(dgamma), f.data(dbeta), f.data(dx));
               });
        b.add_gradient(o.x, dx);
    }
    if (o.gamma_at != no_buffer) b.add_gradient(o.gamma, dgamma);
    if (o.beta_at != no_buffer) b.add_gradient(o.beta, dbeta);
}

Value BatchNormalizationLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const {
    const Value x = inputs[0];
    const BufferId moving_mean = b.buffer_of(weights[weights.size() - 2]);
    const BufferId moving_variance = b.buffer_of(weights.back());
    Operands o{x,
               spec_.scale ? weights[0] : Value{},
               spec_.center ? weights[spec_.scale ? 1 : 0] : Value{},
               b.activation(b.shape(x)),
               moving_mean,
               moving_variance,
               spec_.scale ? b.buffer_of(weights[0]) : no_buffer,
               spec_.center ? b.buffer_of(weights[spec_.scale ? 1 : 0]) : no_buffer,
               Rows(b.shape(x)),
               static_cast<float>(spec_.epsilon)};
    if (b.training()) {
        o.mean = b.buffer(Role::activation, b.bytes_of(moving_mean));
        o.variance = b.buffer(Role::activation, b.bytes_of(moving_mean));
        b.step("batch normalization statistics", {b.buffer_of(x)}, {o.mean, o.variance},
               [=, in = b.buffer_of(x)](const Frame& f) {
                   f.kernels->batch_norm_statistics(o.in(f), f.data(in), f.data(o.mean), f.data(o.variance));
               });
        const auto m = static_cast<float>(spec_.momentum);
        const auto c = static_cast<float>(1.0 - spec_.momentum);
        b.on_update([=](Builder& builder) {
            for (const auto& [value, moving] : {std::pair(o.mean, moving_mean), std::pair(o.variance, moving_variance)})
                builder.step("moving average", {value, moving}, {moving}, [=, from = value, to = moving](const Frame& f) {
                    float factor = c;
                    if (sabotaged(Sabotage::variance_unbiased) && to == moving_variance) {
                        const auto n = static_cast<float>(f.batch * o.rows.count());
                        factor *= n / (n - 1);
                    }
                    f.kernels->moving_average(o.rows.c, m, factor, f.data(from), f.data(to));
                });
        });
    }
    emit_forward(b, o, {}, b.buffer_of(o.y));
    b.made_by_extendable(o.y, /*takes_addend=*/true, [=](Builder& builder, const Builder::Extension& more, BufferId to) {
        emit_forward(builder, o, more, to);
    });
    b.rectifies_gradient(o.y);
    std::vector<Value> uses{x};
    uses.insert(uses.end(), weights.begin(), weights.end() - 2);
    b.op(o.y, uses, [=](Builder& builder, BufferId gradient) { batch_normalization_backward(builder, o, gradient); });
    return o.y;
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const BatchNormalization& spec) { return checked<BatchNormalizationLayer>(spec); }
std::shared_ptr<LayerImpl> new_batch_normalization() { return std::make_shared<BatchNormalizationLayer>(); }

}  // namespace samebits::layers
