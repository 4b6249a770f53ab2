#include "samebits/graph/layers/average_pooling2d.h"

#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/pooling.h"

namespace samebits::layers {
namespace {

struct Kind {
    using Spec = AveragePooling2D;
    static constexpr const char* type = "AveragePooling2D";
    static constexpr bool max = false;
};
using Impl = Pooling2DLayer<Kind>;

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const AveragePooling2D& spec) { return checked<Impl>(spec); }
std::shared_ptr<LayerImpl> new_average_pooling2d() { return std::make_shared<Impl>(); }

}  // namespace samebits::layers
