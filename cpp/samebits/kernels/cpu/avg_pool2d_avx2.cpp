#include "samebits/kernels/cpu/simd_avx2.h"

#include "samebits/kernels/cpu/avg_pool2d.inc"
