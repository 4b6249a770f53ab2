// What convolution and pooling share: a window sliding over (H, W, C), Keras's two paddings.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "samebits/base/shape.h"

namespace samebits::layers {

struct Window {
    std::array<std::int64_t, 2> size;  // (height, width)
    std::array<std::int64_t, 2> strides;
    bool same;  // "same": ceil(in / stride) outputs, zeros split with the odd one last; "valid": whole windows only
    std::array<std::int64_t, 2> dilation{1, 1};

    // From the first cell to the last.
    [[nodiscard]] std::int64_t extent(int axis) const;

    struct Place {
        std::int64_t outputs;
        std::int64_t pad_before;
    };
    // Along axis 0 (height) or 1 (width). The caller has checked that at least one window fits.
    [[nodiscard]] Place place(int axis, std::int64_t input) const;
    // (outputs, outputs, channels) of an input (H, W, C).
    [[nodiscard]] Shape output(const Shape& input, std::int64_t channels) const {
        return {place(0, input[0]).outputs, place(1, input[1]).outputs, channels};
    }
};

// Throws InvalidArgument when sizes or strides are below 1 or padding is neither "valid" nor "same".
void validate_window(std::string_view op, const char* size_name, const std::array<std::int64_t, 2>& size,
                     const std::array<std::int64_t, 2>& strides, const std::string& padding);
// Throws InvalidArgument unless `input` is (H, W, C), all >= 1.
void require_image(std::string_view op, const Shape& input);
// The same, and unless a window fits.
void require_window_fits(std::string_view op, const Window& window, const Shape& input);

}  // namespace samebits::layers
