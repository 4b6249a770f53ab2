#include "samebits/graph/layers/flatten.h"

#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class FlattenLayer final : public LayerImpl {
public:
    explicit FlattenLayer(Flatten spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Flatten"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override { v.field("name", spec_.name); }
    void validate() const override {}
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        return {element_count(only_input("Flatten", inputs))};
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        return b.reshaped(inputs[0], {element_count(b.shape(inputs[0]))});
    }

private:
    Flatten spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Flatten& spec) { return checked<FlattenLayer>(spec); }
std::shared_ptr<LayerImpl> new_flatten() { return std::make_shared<FlattenLayer>(); }

}  // namespace samebits::layers
