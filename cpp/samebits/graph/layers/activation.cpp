#include "samebits/graph/layers/activation.h"

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class ActivationLayer final : public LayerImpl {
public:
    explicit ActivationLayer(Activation spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Activation"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("activation", spec_.activation);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require(!spec_.activation.empty(), "[Activation] activation is missing; got \"\"; name one, \"relu\"");
        parse_activation("Activation", spec_.activation);
    }
    [[nodiscard]] OutputRange output_range() const override {
        const ActivationKind kind = parse_activation("Activation", spec_.activation);
        return kind == ActivationKind::linear ? OutputRange::as_input : range_of(kind);
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override { return only_input("Activation", inputs); }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        return apply_activation(b, parse_activation("Activation", spec_.activation), inputs[0]);
    }

private:
    Activation spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Activation& spec) { return checked<ActivationLayer>(spec); }
std::shared_ptr<LayerImpl> new_activation() { return std::make_shared<ActivationLayer>(); }

}  // namespace samebits::layers
