#include "samebits/graph/layers/max_pooling2d.h"

#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/pooling.h"

namespace samebits::layers {
namespace {

struct Kind {
    using Spec = MaxPooling2D;
    static constexpr const char* type = "MaxPooling2D";
    static constexpr bool max = true;
};
using Impl = Pooling2DLayer<Kind>;

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const MaxPooling2D& spec) { return checked<Impl>(spec); }
std::shared_ptr<LayerImpl> new_max_pooling2d() { return std::make_shared<Impl>(); }

}  // namespace samebits::layers
