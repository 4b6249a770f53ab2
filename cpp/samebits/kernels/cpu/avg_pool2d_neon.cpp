#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/avg_pool2d.inc"
