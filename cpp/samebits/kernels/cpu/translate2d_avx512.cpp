#include "samebits/kernels/cpu/simd_avx512.h"

#include "samebits/kernels/cpu/translate2d.inc"
