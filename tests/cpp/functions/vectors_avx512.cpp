#include "samebits/kernels/cpu/simd_avx512.h"

#include "functions/vectors.inc"
