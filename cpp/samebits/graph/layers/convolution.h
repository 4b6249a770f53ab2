// The steps of convolutions: what Conv2D, DepthwiseConv2D and SeparableConv2D are made of.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "samebits/base/check.h"
#include "samebits/graph/activations.h"
#include "samebits/graph/builder.h"
#include "samebits/graph/layers/window.h"

namespace samebits::layers {

// What follows the sum: bias (id < 0: none), then the activation.
struct Ending {
    Value bias;
    kernels::Activation activation;
};

// How the sums are formed: automatic takes what the profile says (the law, 3.9).
enum class Algorithm : std::uint8_t { automatic, direct, winograd2, winograd4 };
// "auto", "direct", "winograd2", "winograd4"; else InvalidArgument.
Algorithm parse_algorithm(std::string_view name);
// 3x3, strides and dilation 1.
bool can_be_winograd(const Window& window);

// x (B, H, W, C), w (R, S, C, K) -> (B, P, Q, K), and the gradients.
Value conv2d(Builder& b, Value x, Value w, const Window& window, const Ending& ending,
             Algorithm algorithm = Algorithm::automatic);
// x (B, H, W, C), w (R, S, C, M) -> (B, P, Q, C * M), and the gradients.
Value depthwise_conv2d(Builder& b, Value x, Value w, const Window& window, const Ending& ending);

// The arguments kernel_size, strides, padding and dilation_rate of a layer.
template <class Spec>
Window window_of(const Spec& spec) {
    return {spec.kernel_size, spec.strides, spec.padding == "same", spec.dilation_rate};
}

// Throws InvalidArgument when one of them breaks a rule: validate_window's; dilations from 1; not strides and dilations.
template <class Spec>
void validate_convolution(std::string_view op, const Spec& spec) {
    validate_window(op, "kernel_size", spec.kernel_size, spec.strides, spec.padding);
    for (const std::int64_t n : spec.dilation_rate)
        require(n >= 1 && n <= 1 << 20,
                "[{}] dilation_rate must be from 1 to 1048576; got dilation_rate={}; give numbers in this range", op,
                to_string(spec.dilation_rate));
    constexpr std::array<std::int64_t, 2> ones{1, 1};
    require(spec.strides == ones || spec.dilation_rate == ones,
            "[{}] strides or dilation_rate must be 1; got strides={} with dilation_rate={}; leave one of them out", op,
            to_string(spec.strides), to_string(spec.dilation_rate));
}

}  // namespace samebits::layers
