#include "samebits/graph/layers/global_average_pooling2d.h"

#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/pooling.h"

namespace samebits::layers {
namespace {

struct Kind {
    using Spec = GlobalAveragePooling2D;
    static constexpr const char* type = "GlobalAveragePooling2D";
    static constexpr bool max = false;
};
using Impl = GlobalPooling2DLayer<Kind>;

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const GlobalAveragePooling2D& spec) { return checked<Impl>(spec); }
std::shared_ptr<LayerImpl> new_global_average_pooling2d() { return std::make_shared<Impl>(); }

}  // namespace samebits::layers
