#include "samebits/graph/layers/random_crop.h"

#include "samebits/base/check.h"
#include "samebits/base/stream.h"
#include "samebits/graph/layer_impl.h"
#include "samebits/graph/layers/augmentation.h"
#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/placement.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {
namespace {

class RandomCropLayer final : public LayerImpl {
public:
    explicit RandomCropLayer(RandomCrop spec = {}) : spec_(std::move(spec)) {}

    [[nodiscard]] std::string_view type() const override { return "RandomCrop"; }
    [[nodiscard]] const std::string& name() const override { return spec_.name; }
    [[nodiscard]] std::string_view random_purpose() const override { return "augment"; }
    void visit(FieldVisitor& v) override {
        v.field("height", spec_.height);
        v.field("width", spec_.width);
        v.field("name", spec_.name);
    }
    void validate() const override {
        require(spec_.height >= 1 && spec_.width >= 1,
                "[RandomCrop] height and width must be at least 1; got {} and {}; give numbers from 1 on", spec_.height,
                spec_.width);
    }
    [[nodiscard]] Shape output_shape(std::span<const Shape> inputs) const override {
        const Shape& input = only_input("RandomCrop", inputs);
        require_image("RandomCrop", input);
        require<NotImplemented>(spec_.height <= input[0] && spec_.width <= input[1],
                                "[RandomCrop] images are not enlarged yet; got height={}, width={} on input shape {}; {}",
                                spec_.height, spec_.width, with_batch(input), "crop to at most its size");
        return {spec_.height, spec_.width, input[2]};
    }
    Value forward(Builder& b, std::span<const Value> inputs, std::span<const Value> /*weights*/) const override {
        const Shape input = b.shape(inputs[0]);
        const std::int64_t down = input[0] - spec_.height;
        const std::int64_t right = input[1] - spec_.width;
        return place(
            b, inputs[0], spec_.height, spec_.width,
            [=, stream = stream_of("augment", b.layer()), training = b.training()](const Frame& f, kernels::Placement* at) {
                for (std::int64_t i = 0; i < f.batch; ++i)
                    at[i] = training ? random_crop(augmentation_block(f, stream, i), down + 1, right + 1)
                                     : kernels::Placement{down / 2, right / 2, false, false};
            });
    }

private:
    RandomCrop spec_;
};

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const RandomCrop& spec) { return checked<RandomCropLayer>(spec); }
std::shared_ptr<LayerImpl> new_random_crop() { return std::make_shared<RandomCropLayer>(); }

}  // namespace samebits::layers
