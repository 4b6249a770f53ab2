#include "samebits/graph/layers/global_max_pooling2d.h"

#include "samebits/graph/layers/factories.h"
#include "samebits/graph/layers/pooling.h"

namespace samebits::layers {
namespace {

struct Kind {
    using Spec = GlobalMaxPooling2D;
    static constexpr const char* type = "GlobalMaxPooling2D";
    static constexpr bool max = true;
};
using Impl = GlobalPooling2DLayer<Kind>;

}  // namespace

std::shared_ptr<const LayerImpl> make_layer(const GlobalMaxPooling2D& spec) { return checked<Impl>(spec); }
std::shared_ptr<LayerImpl> new_global_max_pooling2d() { return std::make_shared<Impl>(); }

}  // namespace samebits::layers
