#include "samebits/kernels/cpu/simd_avx2.h"

#include "samebits/kernels/cpu/translate2d.inc"
