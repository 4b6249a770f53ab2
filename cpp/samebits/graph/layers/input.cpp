#include "samebits/graph/layers/input.h"

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class InputLayer final : public LayerImpl {
public:
    explicit InputLayer(Input spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "InputLayer"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("shape", spec_.shape);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require(!spec_.shape.empty(), "[Input] shape needs at least one dimension; got (); name the dimensions of one sample");
        for (const std::int64_t dim : spec_.shape)
            require(dim >= 1, "[Input] dimensions must be at least 1; got shape={}; name the dimensions of one sample",
                    to_string(spec_.shape));
        element_count(spec_.shape);
    }
    [[nodiscard]] OutputRange output_range() const override { return OutputRange::any; }
    [[nodiscard]] Shape output_shape(std::span<const Shape> /*inputs*/) const override { return spec_.shape; }
    Value forward(Builder& b, std::span<const Value> /*inputs*/, std::span<const Value> /*weights*/) const override {
        return b.batch_input(spec_.shape);
    }

private:
    Input spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Input& spec) { return checked<InputLayer>(spec); }
std::shared_ptr<LayerImpl> new_input() { return std::make_shared<InputLayer>(); }

}  // namespace samebits::layers
