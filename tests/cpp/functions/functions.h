// The functions of numerics/functions.h in every form: scalar, each instruction set's vectors, and libm as oracle.
// For tests/cpp/numerics/test_functions.cpp and tests/prove.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "functions/vectors.h"

namespace samebits::test {

struct Function {
    const char* name;
    float (*scalar)(float);
    ArrayFunction VectorFunctions::*vector;  // null: there is none
    // Oracles over libm, special values too; relative errors below 2^-50 and 2^-60.
    double (*in_double)(double);
    long double (*in_long_double)(long double);
};

const std::vector<Function>& all_functions();

struct IsaFunctions {
    std::string isa;
    VectorFunctions functions;
};

// Of the instruction sets that this CPU has.
std::vector<IsaFunctions> all_vector_functions();

// The bits of y in binary32. False when y is nearer to a tie than `margin` of itself: then the oracle cannot tell.
template <class Real>
bool rounded(Real y, Real margin, std::uint32_t& bits) {
    bits = std::isnan(y) ? 0x7fc00000 : std::bit_cast<std::uint32_t>(static_cast<float>(y));
    if (std::isnan(y) || std::isinf(y) || y == 0) return true;
    const auto low = std::bit_cast<std::uint32_t>(static_cast<float>(y - std::fabs(y) * margin));
    const auto high = std::bit_cast<std::uint32_t>(static_cast<float>(y + std::fabs(y) * margin));
    return low == bits && high == bits;
}

}  // namespace samebits::test
