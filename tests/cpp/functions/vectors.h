// kernels/cpu/functions.inc of each instruction set behind plain pointers. Internal header of this folder.
#pragma once

#include <cstdint>

namespace samebits::test {

using ArrayFunction = void (*)(std::int64_t count, const float* x, float* y);  // count: a multiple of 16

struct VectorFunctions {
    ArrayFunction exp, expm1, log, log1p, tanh, sigmoid, erf;
};

}  // namespace samebits::test

namespace samebits::kernels {
namespace generic {
extern const test::VectorFunctions vector_functions;
}
namespace avx2 {
extern const test::VectorFunctions vector_functions;
}
namespace avx512 {
extern const test::VectorFunctions vector_functions;
}
}  // namespace samebits::kernels
