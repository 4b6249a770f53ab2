#include "samebits/kernels/cpu/simd_avx512.h"

#include "samebits/kernels/cpu/avg_pool2d.inc"
