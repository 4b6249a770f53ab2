#include "samebits/graph/layers/reshape.h"

#include <algorithm>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"

namespace samebits::layers {
namespace {

class ReshapeLayer final : public LayerImpl {
public:
    explicit ReshapeLayer(Reshape spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "Reshape"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("target_shape", spec_.target_shape);
        v.field("name", spec_.name);
    }
    void validate() const override {
        const Shape& target = spec_.target_shape;
        require(!target.empty(), "[Reshape] target_shape must be given; got (); name the dimensions of one sample");
        require(std::all_of(target.begin(), target.end(), [](std::int64_t dim) { return dim >= 1 || dim == -1; }) &&
                    std::count(target.begin(), target.end(), -1) <= 1,
                "[Reshape] dimensions must be at least 1, one of them may be -1; got target_shape={}; give such a shape",
                to_string(target));
    }

    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("Reshape", inputs);
        const std::int64_t count = element_count(input);
        Shape shape = spec_.target_shape;
        const auto rest = std::find(shape.begin(), shape.end(), -1);
        if (rest != shape.end()) *rest = 1;
        const std::int64_t given = element_count(shape);
        const bool fits = rest == shape.end() ? count == given : count % given == 0;
        require(fits,
                "[Reshape] the number of elements must stay; got {} for input shape {}; give a shape of as many elements, or "
                "-1 for one dimension",
                to_string(spec_.target_shape), with_batch(input));
        if (rest != shape.end()) *rest = count / given;
        return shape;
    }

    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Shape input = b.shape(inputs[0]);
        return b.reshaped(inputs[0], output_shape(std::span(&input, 1)));
    }

private:
    Reshape spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const Reshape& spec) { return checked<ReshapeLayer>(spec); }
std::shared_ptr<LayerImpl> new_reshape() { return std::make_shared<ReshapeLayer>(); }

}  // namespace samebits::layers
