// Initial weights, drawn by meaning: seed, the weight's full name, the element (the law, section 7).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace samebits {

enum class Initializer : std::uint8_t {
    zeros,
    ones,
    glorot_uniform,
    glorot_normal,
    he_uniform,
    he_normal,
    lecun_uniform,
    lecun_normal,
};

// By Keras's name. Throws InvalidArgument (unknown) or NotImplemented (Keras has it, samebits not yet).
Initializer parse_initializer(std::string_view op, std::string_view name);

// Uniform: +-limit, limit = sqrt(3 * scale / fan). Normal: truncated at two deviations, deviation sqrt(scale / fan) /
// 0.87962566103423978 (the deviation of a unit normal truncated at 2). glorot: scale 1, fan (in + out) / 2; he: 2, fan in;
// lecun: 1, fan in. In float64, rounded to float32 once. Formulas: Keras, VarianceScaling; Glorot and Bengio 2010, He et al.
// 2015.
void initialize(Initializer initializer, std::uint64_t seed, std::string_view weight_name, std::int64_t fan_in,
                std::int64_t fan_out, std::span<float> values);

}  // namespace samebits
