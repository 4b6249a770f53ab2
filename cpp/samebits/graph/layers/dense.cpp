#include "samebits/graph/layers/dense.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/rows.h"

namespace samebits::layers {
namespace {

class DenseLayer final : public LayerImpl {
public:
    explicit DenseLayer(Dense spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Dense"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }

    void visit(FieldVisitor& v) override {
        v.field("units", spec_.units);
        v.field("activation", spec_.activation);
        v.field("use_bias", spec_.use_bias);
        v.field("kernel_initializer", spec_.kernel_initializer);
        v.field("bias_initializer", spec_.bias_initializer);
        v.field("kernel_regularizer", spec_.kernel_regularizer);
        v.field("bias_regularizer", spec_.bias_regularizer);
        v.field("name", spec_.name);
    }

    void validate() const override {
        require(spec_.units >= 1, "[Dense] units must be at least 1; got units={}; give at least 1", spec_.units);
        parse_activation("Dense", spec_.activation);
        spec_.kernel_initializer.validate("Dense");
        spec_.bias_initializer.validate("Dense");
        spec_.kernel_regularizer.validate("Dense");
        spec_.bias_regularizer.validate("Dense");
    }

    [[nodiscard]] OutputRange output_range() const override { return range_of(parse_activation("Dense", spec_.activation)); }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        Shape shape = only_input("Dense", inputs);
        require(!shape.empty() && shape.back() >= 1,
                "[Dense] the input needs a last axis of at least 1; got input shape {}; flatten or reshape it",
                with_batch(shape));
        shape.back() = spec_.units;
        return shape;
    }

    [[nodiscard]] std::vector<WeightSpec> weights(std::span<const Shape> inputs) const override {
        const std::int64_t c = inputs[0].back();
        std::vector<WeightSpec> specs{
            {"kernel", {c, spec_.units}, spec_.kernel_initializer, c, spec_.units, spec_.kernel_regularizer}};
        if (spec_.use_bias)
            specs.push_back({"bias", {spec_.units}, spec_.bias_initializer, spec_.units, spec_.units, spec_.bias_regularizer});
        return specs;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const override;

private:
    Dense spec_;
};

struct Operands {
    Value x, w, bias, y;
    Rows rows;
    std::int64_t units;
};

kernels::Gemm forward_gemm(const Operands& o, std::int64_t batch) {
    const std::int64_t m = batch * o.rows.count();
    const std::int64_t k = o.rows.c;
    return {kernels::GemmLayout::nn, m, o.units, k, nullptr, k, nullptr, o.units, nullptr, o.units, numerics::over_terms(k)};
}

kernels::Gemm weight_gemm(const Operands& o, std::int64_t batch) {
    const std::int64_t k = batch * o.rows.count();
    return {kernels::GemmLayout::tn,
            o.rows.c,
            o.units,
            k,
            nullptr,
            o.rows.c,
            nullptr,
            o.units,
            nullptr,
            o.units,
            numerics::over_pixels(batch, o.rows.p, o.rows.q)};
}

kernels::Gemm input_gemm(const Operands& o, std::int64_t batch) {
    const std::int64_t m = batch * o.rows.count();
    return {kernels::GemmLayout::nt,      m, o.rows.c, o.units, nullptr, o.units, nullptr, o.units, nullptr, o.rows.c,
            numerics::over_terms(o.units)};
}

void run(const Frame& f, kernels::Gemm gemm, BufferId a, BufferId b, BufferId c, BufferId workspace) {
    gemm.a = f.data(a);
    gemm.b = f.data(b);
    gemm.c = f.data(c);
    f.kernels->gemm(gemm, f.data<std::byte>(workspace));
}

void dense_backward(Builder& b, const Operands& o, kernels::Activation activation, BufferId gradient) {
    const BufferId dz = activation_gradient(b, activation, o.y, gradient);
    const BufferId x = b.buffer_of(o.x);
    const BufferId w = b.buffer_of(o.w);
    if (b.needs_gradient(o.w)) {
        const BufferId dw = b.buffer(Role::weight_gradient, b.bytes_of(w));
        const BufferId space = b.workspace(b.kernels().gemm_workspace(weight_gemm(o, b.batch())));
        b.step("dense weight gradient", {x, dz}, {dw, space},
               [=](const Frame& f) { run(f, weight_gemm(o, f.batch), x, dz, dw, space); });
        b.add_gradient(o.w, dw);
    }
    if (o.bias.id >= 0 && b.needs_gradient(o.bias)) {
        const BufferId db = b.buffer(Role::weight_gradient, b.bytes_of(b.buffer_of(o.bias)));
        b.step("dense bias gradient", {dz}, {db}, [=](const Frame& f) {
            f.kernels->column_sum(f.batch * o.rows.count(), o.units, numerics::over_pixels(f.batch, o.rows.p, o.rows.q),
                                  f.data(dz), f.data(db));
        });
        b.add_gradient(o.bias, db);
    }
    if (b.needs_gradient(o.x)) {
        const BufferId dx = b.buffer(Role::gradient, b.bytes_of(x));
        const BufferId space = b.workspace(b.kernels().gemm_workspace(input_gemm(o, b.batch())));
        const BufferId rectified = b.is_by_relu(o.x) ? x : no_buffer;
        b.step("dense input gradient", {dz, w, rectified}, {dx, space}, [=](const Frame& f) {
            kernels::Gemm gemm = input_gemm(o, f.batch);
            gemm.rectified = f.data(rectified);
            run(f, gemm, dz, w, dx, space);
        });
        b.add_gradient(o.x, dx, rectified != no_buffer);
    }
}

Value DenseLayer::forward(Builder& b, std::span<const Value> inputs, std::span<const Value> weights) const {
    const ActivationKind kind = parse_activation("Dense", spec_.activation);
    const kernels::Activation fused = fused_activation(kind);
    const Shape shapes[] = {b.shape(inputs[0])};
    const Operands o{inputs[0],       weights[0], spec_.use_bias ? weights[1] : Value{}, b.activation(output_shape(shapes)),
                     Rows(shapes[0]), spec_.units};
    const BufferId bias = o.bias.id >= 0 ? b.buffer_of(o.bias) : no_buffer;
    const BufferId space = b.workspace(b.kernels().gemm_workspace(forward_gemm(o, b.batch())));
    b.step("dense", {b.buffer_of(o.x), b.buffer_of(o.w), bias}, {b.buffer_of(o.y), space},
           [=, x = b.buffer_of(o.x), w = b.buffer_of(o.w), y = b.buffer_of(o.y)](const Frame& f) {
               kernels::Gemm gemm = forward_gemm(o, f.batch);
               gemm.bias = f.data(bias);
               gemm.activation = fused;
               run(f, gemm, x, w, y, space);
           })
        .products = o.rows.count() * o.rows.c * o.units;
    const Value uses[] = {o.x, o.w, o.bias.id >= 0 ? o.bias : o.w};
    b.op(o.y, uses, [=](Builder& builder, BufferId gradient) { dense_backward(builder, o, fused, gradient); });
    if (fused == kernels::Activation::relu) b.made_by_relu(o.y);
    return finish_activation(b, kind, o.y);
}

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Dense& spec) { return checked<DenseLayer>(spec); }
std::shared_ptr<LayerImpl> new_dense() { return std::make_shared<DenseLayer>(); }

}  // namespace samebits::layers
