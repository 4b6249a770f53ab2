#include "samebits/graph/layers/window.h"

#include <algorithm>

#include "samebits/base/check.h"

namespace samebits::layers {

std::int64_t Window::extent(int axis) const {
    const auto a = static_cast<std::size_t>(axis);
    return (size[a] - 1) * dilation[a] + 1;
}

Window::Place Window::place(int axis, std::int64_t input) const {
    const auto a = static_cast<std::size_t>(axis);
    if (!same) return {(input - extent(axis)) / strides[a] + 1, 0};
    const std::int64_t outputs = (input + strides[a] - 1) / strides[a];
    const std::int64_t padding = std::max<std::int64_t>((outputs - 1) * strides[a] + extent(axis) - input, 0);
    return {outputs, padding / 2};
}

void validate_window(std::string_view op, const char* size_name, const std::array<std::int64_t, 2>& size,
                     const std::array<std::int64_t, 2>& strides, const std::string& padding) {
    constexpr std::int64_t most = 1 << 20;
    for (const std::int64_t n : size)
        require(n >= 1 && n <= most, "[{}] {} must be from 1 to 1048576; got {}={}; give numbers in this range", op, size_name,
                size_name, to_string(size));
    for (const std::int64_t n : strides)
        require(n >= 1 && n <= most, "[{}] strides must be from 1 to 1048576; got strides={}; give numbers in this range", op,
                to_string(strides));
    require(padding == "valid" || padding == "same",
            "[{}] padding must be \"valid\" or \"same\"; got padding=\"{}\"; choose one of them", op, padding);
}

void require_image(std::string_view op, const Shape& input) {
    require(input.size() == 3, "[{}] the input must be (height, width, channels); got input shape {}; reshape it, {}", op,
            with_batch(input), "a grey image has channels = 1");
    for (const std::int64_t n : input)
        require(n >= 1, "[{}] dimensions must be at least 1; got input shape {}; give samples with elements", op,
                with_batch(input));
}

void require_window_fits(std::string_view op, const Window& window, const Shape& input) {
    require_image(op, input);
    const std::array<std::int64_t, 2> extent{window.extent(0), window.extent(1)};
    require(window.same || (extent[0] <= input[0] && extent[1] <= input[1]),
            "[{}] the window is larger than its input; got window {} on input {}; use padding=\"same\" or a smaller window", op,
            to_string(extent), with_batch(input));
}

}  // namespace samebits::layers
