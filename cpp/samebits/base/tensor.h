// A dense float32 array that owns its memory: shape + buffer, row-major. Copies share the memory; clone() does not.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "samebits/base/api.h"
#include "samebits/base/memory.h"
#include "samebits/base/shape.h"

namespace samebits {

class SAMEBITS_API Tensor {
public:
    Tensor() = default;
    // Not initialised. Throws InvalidArgument for a bad shape or over the memory limit.
    explicit Tensor(Shape dims);
    Tensor(Shape dims, std::span<const float> source);

    [[nodiscard]] const Shape& shape() const { return shape_; }
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] float* data() const { return buffer_ ? reinterpret_cast<float*>(buffer_->data()) : nullptr; }
    [[nodiscard]] std::span<float> values() const { return {data(), static_cast<std::size_t>(size_)}; }
    [[nodiscard]] Tensor clone() const { return Tensor(shape_, values()); }

private:
    Shape shape_;
    std::int64_t size_ = 0;
    std::shared_ptr<Buffer> buffer_;
};

}  // namespace samebits
