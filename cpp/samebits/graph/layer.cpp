#include "samebits/graph/layer.h"

#include "samebits/base/check.h"
#include "samebits/graph/layer_impl.h"

namespace samebits {

std::string Layer::type() const { return std::string(impl_->type()); }
std::string Layer::name() const { return impl_->name(); }

std::vector<WeightSpec> LayerImpl::weights(std::span<const Shape> /*inputs*/) const { return {}; }

const Shape& only_input(std::string_view type, std::span<const Shape> inputs) {
    require(inputs.size() == 1, "[{}] takes one input; got {}; merge them first", type, inputs.size());
    return inputs[0];
}

}  // namespace samebits
