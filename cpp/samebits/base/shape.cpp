#include "samebits/base/shape.h"

#include "samebits/base/check.h"

namespace samebits {

std::int64_t element_count(std::span<const std::int64_t> shape) {
    constexpr std::int64_t limit = std::int64_t{1} << 59;  // times 8 bytes it fits
    std::int64_t count = 1;
    bool empty = false;
    for (const std::int64_t dim : shape) {
        // Asked at every step of a training: no message is made for shapes that are right.
        if (dim < 0) fail("[shape] dimensions must not be negative; got {}; give dimensions from 0 on", to_string(shape));
        if (dim == 0) {
            empty = true;
            continue;
        }
        if (count > limit / dim)
            fail("[shape] the number of elements overflows; got {}; give smaller dimensions", to_string(shape));
        count *= dim;
    }
    return empty ? 0 : count;
}

std::string to_string(std::span<const std::int64_t> shape) {
    std::string text = "(";
    for (std::size_t i = 0; i < shape.size(); ++i) text += fmt::format("{}{}", i ? ", " : "", shape[i]);
    return text + (shape.size() == 1 ? ",)" : ")");
}

std::string with_batch(std::span<const std::int64_t> sample_shape) {
    std::string text = "(None";
    for (const std::int64_t dim : sample_shape) text += fmt::format(", {}", dim);
    return text + (sample_shape.empty() ? ",)" : ")");
}

}  // namespace samebits
