#include "samebits/kernels/cpu/simd_neon.h"

#include "functions/vectors.inc"
