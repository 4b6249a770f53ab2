#include "samebits/graph/layers/softmax.h"

#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/rows.h"

namespace samebits::layers {
namespace {

class SoftmaxLayer final : public LayerImpl {
public:
    explicit SoftmaxLayer(Softmax spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Softmax"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("axis", spec_.axis);
        v.field("name", spec_.name);
    }
    void validate() const override {}
    [[nodiscard]] OutputRange output_range() const override { return OutputRange::probability; }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("Softmax", inputs);
        require_last_axis("Softmax", spec_.axis, input);
        return input;
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        return apply_activation(b, ActivationKind::softmax, inputs[0]);
    }

private:
    Softmax spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Softmax& spec) { return checked<SoftmaxLayer>(spec); }
std::shared_ptr<LayerImpl> new_softmax() { return std::make_shared<SoftmaxLayer>(); }

}  // namespace samebits::layers
