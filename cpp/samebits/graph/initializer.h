// Initial weights, drawn by meaning: seed, the weight's full name, the element (the law, section 7). Keras's names, arguments
// and defaults.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "samebits/base/api.h"

namespace samebits {

namespace initializers {

struct Constant {
    double value = 0.0;
};
// Uniform in [minval, maxval].
struct RandomUniform {
    double minval = -0.05;
    double maxval = 0.05;
};
struct RandomNormal {
    double mean = 0.0;
    double stddev = 0.05;
};
// Normal, drawn again until within two deviations of the mean.
struct TruncatedNormal {
    double mean = 0.0;
    double stddev = 0.05;
};

}  // namespace initializers

class SAMEBITS_API Initializer {
public:
    enum class Kind : std::uint8_t {
        zeros,
        ones,
        glorot_uniform,
        glorot_normal,
        he_uniform,
        he_normal,
        lecun_uniform,
        lecun_normal,
        constant,
        random_uniform,
        random_normal,
        truncated_normal,
    };

    Initializer(Kind kind);                                            // NOLINT: layers are given names and structs
    Initializer(const initializers::Constant& constant);               // NOLINT
    Initializer(const initializers::RandomUniform& uniform);           // NOLINT
    Initializer(const initializers::RandomNormal& normal);             // NOLINT
    Initializer(const initializers::TruncatedNormal& normal);          // NOLINT
    Initializer(const std::string& name);                              // NOLINT
    Initializer(const char* name) : Initializer(std::string(name)) {}  // NOLINT

    // By Keras's name, "he_normal" or "HeNormal", with default arguments. Throws InvalidArgument (unknown) or NotImplemented
    // (Keras has it, samebits not yet), under the name of the layer that asks.
    static Initializer parse(std::string_view op, std::string_view name);

    [[nodiscard]] Kind kind() const { return kind_; }
    // constant: value; uniform: minval, maxval; normal: mean, stddev; else unused.
    [[nodiscard]] double first() const { return first_; }
    [[nodiscard]] double second() const { return second_; }
    // Finite arguments, minval <= maxval, stddev >= 0; else InvalidArgument.
    void validate(std::string_view op) const;

private:
    Kind kind_;
    double first_ = 0;
    double second_ = 0;
};

// "he_normal".
SAMEBITS_API std::string_view name_of(Initializer::Kind kind);

// Scaled by fans: uniform: +-limit, limit = sqrt(3 * scale / fan). Normal: truncated at two deviations, deviation sqrt(scale /
// fan) / 0.87962566103423978 (the deviation of a unit normal truncated at 2). glorot: scale 1, fan (in + out) / 2; he: 2, fan
// in; lecun: 1, fan in. In float64, rounded to float32 once. Formulas: Keras, VarianceScaling; Glorot and Bengio 2010, He et
// al. 2015.
// By arguments, each rounded to float32 once: uniform: fma(u, maxval - minval, minval), u in [0, 1) of 24 bits, the
// difference in float64; normal: fma(z, stddev, mean).
SAMEBITS_API void initialize(const Initializer& initializer, std::uint64_t seed, std::string_view weight_name,
                             std::int64_t fan_in, std::int64_t fan_out, std::span<float> values);

}  // namespace samebits
