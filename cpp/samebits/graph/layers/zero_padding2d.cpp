#include "samebits/graph/layers/zero_padding2d.h"

#include <algorithm>

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/placement.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {
namespace {

class ZeroPadding2DLayer final : public LayerImpl {
public:
    explicit ZeroPadding2DLayer(ZeroPadding2D spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "ZeroPadding2D"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    void visit(FieldVisitor& v) override {
        v.field("padding", spec_.padding);
        v.field("name", spec_.name);
    }
    void validate() const override {
        for (const auto& side : spec_.padding)
            for (const std::int64_t n : side)
                require(n >= 0 && n <= 1 << 20,
                        "[ZeroPadding2D] padding must be from 0 to 1048576; got padding=({}, {}); give numbers in this range",
                        to_string(spec_.padding[0]), to_string(spec_.padding[1]));
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("ZeroPadding2D", inputs);
        require_image("ZeroPadding2D", input);
        const auto& [rows, columns] = spec_.padding;
        return {rows[0] + input[0] + rows[1], columns[0] + input[1] + columns[1], input[2]};
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Shape input = b.shape(inputs[0]);
        const Shape output = output_shape(std::span(&input, 1));
        const kernels::Placement at{-spec_.padding[0][0], -spec_.padding[1][0], false, false};
        return place(b, inputs[0], output[0], output[1],
                     [at](const Frame& f, kernels::Placement* to) { std::fill_n(to, f.batch, at); });
    }

private:
    ZeroPadding2D spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const ZeroPadding2D& spec) { return checked<ZeroPadding2DLayer>(spec); }
std::shared_ptr<LayerImpl> new_zero_padding2d() { return std::make_shared<ZeroPadding2DLayer>(); }

}  // namespace samebits::layers
