#include "samebits/graph/layers/random_flip.h"

#include "samebits/base/check.h"
#include "samebits/base/stream.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/augmentation.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/placement.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {
namespace {

class RandomFlipLayer final : public LayerImpl {
public:
    explicit RandomFlipLayer(RandomFlip spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "RandomFlip"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    [[nodiscard]] std::string_view random_purpose() const override { return "augment"; }
    void visit(FieldVisitor& v) override {
        v.field("mode", spec_.mode);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require(spec_.mode == "horizontal" || spec_.mode == "vertical" || spec_.mode == "horizontal_and_vertical",
                "[RandomFlip] mode must be \"horizontal\", \"vertical\" or \"horizontal_and_vertical\"; got mode=\"{}\"; "
                "choose one of them",
                spec_.mode);
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("RandomFlip", inputs);
        require_image("RandomFlip", input);
        return input;
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        if (!b.training()) return inputs[0];
        const Shape input = b.shape(inputs[0]);
        return place(b, inputs[0], input[0], input[1],
                     [stream = stream_of("augment", b.layer()), rows = spec_.mode != "horizontal",
                      columns = spec_.mode != "vertical"](const Frame& f, kernels::Placement* at) {
                         for (std::int64_t i = 0; i < f.batch; ++i)
                             at[i] = random_flip(augmentation_block(f, stream, i), rows, columns);
                     });
    }

private:
    RandomFlip spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const RandomFlip& spec) { return checked<RandomFlipLayer>(spec); }
std::shared_ptr<LayerImpl> new_random_flip() { return std::make_shared<RandomFlipLayer>(); }

}  // namespace samebits::layers
