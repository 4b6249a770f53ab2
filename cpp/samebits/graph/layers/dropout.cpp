#include "samebits/graph/layers/dropout.h"

#include "samebits/base/check.h"
#include "samebits/base/stream.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class DropoutLayer final : public LayerImpl {
public:
    explicit DropoutLayer(Dropout spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Dropout"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    [[nodiscard]] std::string_view random_purpose() const override { return "dropout"; }
    void visit(FieldVisitor& v) override {
        v.field("rate", spec_.rate);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require(spec_.rate >= 0 && spec_.rate < 1,
                "[Dropout] rate must be given, in [0, 1); got rate={}; give a number in this range", spec_.rate);
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override { return only_input("Dropout", inputs); }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Value x = inputs[0];
        if (!b.training() || spec_.rate == 0) return x;
        // b.layer() is the name in the model: "dropout_1" when none was given.
        const kernels::Dropout dropout{.samples = 0,
                                       .elements = element_count(b.shape(x)),
                                       .rate = spec_.rate,
                                       .seed = 0,
                                       .stream = stream_of("dropout", b.layer()),
                                       .step = 0,
                                       .first_sample = 0};
        const Value y = b.activation(b.shape(x));
        emit(b, "dropout", dropout, b.buffer_of(x), b.buffer_of(y));
        b.op(y, inputs, [=](Builder& builder, BufferId gradient) {
            const BufferId dx = builder.exclusive(gradient);
            emit(builder, "dropout gradient", dropout, gradient, dx);
            builder.add_gradient(x, dx);
        });
        return y;
    }

private:
    static void emit(Builder& b, const char* op, const kernels::Dropout& dropout, BufferId from, BufferId to) {
        b.step(op, {from}, {to}, [=](const Frame& f) {
             kernels::Dropout d = dropout;
             d.samples = f.batch;
             d.seed = f.seed;
             d.step = f.step;
             f.kernels->dropout(d, f.data(from), f.data(to));
         }).may_overwrite = true;
    }

    Dropout spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Dropout& spec) { return checked<DropoutLayer>(spec); }
std::shared_ptr<LayerImpl> new_dropout() { return std::make_shared<DropoutLayer>(); }

}  // namespace samebits::layers
