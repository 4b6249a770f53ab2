// A sample as rows of channels: what a layer over the last axis works on.
#pragma once

#include <cstdint>
#include <string_view>

#include "samebits/base/check.h"
#include "samebits/base/shape.h"

namespace samebits::layers {

// Rows of the matrix that a sample is: everything but the last axis, as P x Q pixels (the law, section 2).
struct Rows {
    std::int64_t p, q, c;
    explicit Rows(const Shape& shape) : p(1), q(1), c(shape.back()) {
        for (std::size_t i = 0; i + 1 < shape.size(); ++i) (i > 0 && i + 2 == shape.size() ? q : p) *= shape[i];
    }
    [[nodiscard]] std::int64_t count() const { return p * q; }
};

// The shape of a sample must have a last axis, and `axis`, which counts the batch, must be it: -1, or its number.
inline void require_last_axis(std::string_view op, std::int64_t axis, const Shape& shape) {
    require(!shape.empty() && shape.back() >= 1,
            "[{}] the input needs a last axis of at least 1; got input shape {}; flatten or reshape it", op, with_batch(shape));
    const auto rank = static_cast<std::int64_t>(shape.size()) + 1;
    require(axis >= -rank && axis < rank,
            "[{}] axis must be one of the input's {}; got axis={} for input shape {}; choose one of them", op, rank, axis,
            with_batch(shape));
    require<NotImplemented>(axis == -1 || axis == rank - 1,
                            "[{}] other axes than the last one are not implemented yet; got axis={} for input shape {}; "
                            "leave it out",
                            op, axis, with_batch(shape));
}

}  // namespace samebits::layers
