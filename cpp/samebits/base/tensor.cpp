#include "samebits/base/tensor.h"

#include <algorithm>
#include <utility>

#include "samebits/base/check.h"

namespace samebits {

Tensor::Tensor(Shape dims)
    : shape_(std::move(dims)),
      size_(element_count(shape_)),
      buffer_(std::make_shared<Buffer>(static_cast<std::size_t>(size_) * sizeof(float))) {}

Tensor::Tensor(Shape dims, std::span<const float> source) : Tensor(std::move(dims)) {
    require(static_cast<std::int64_t>(source.size()) == size_,
            "[tensor] values must fill the shape; got {} values for {}; give as many values as the shape holds", source.size(),
            to_string(shape_));
    std::copy(source.begin(), source.end(), data());
}

}  // namespace samebits
