// kernels/cpu/functions.inc of each instruction set behind plain pointers. Internal header of this folder.
#pragma once

#include <cstdint>

#include "samebits/kernels/isa.h"

namespace samebits::test {

using ArrayFunction = void (*)(std::int64_t count, const float* x, float* y);  // count: a multiple of 16

struct VectorFunctions {
    ArrayFunction exp, expm1, log, log1p, tanh, sigmoid, erf;
};

}  // namespace samebits::test

namespace samebits::kernels {

#define SAMEBITS_VECTOR_FUNCTIONS(isa)                   \
    namespace isa {                                      \
    extern const test::VectorFunctions vector_functions; \
    }
SAMEBITS_BUILT_ISAS(SAMEBITS_VECTOR_FUNCTIONS)

}  // namespace samebits::kernels
