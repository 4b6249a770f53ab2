#include "samebits/kernels/cpu/simd_avx2.h"

#include "functions/vectors.inc"
