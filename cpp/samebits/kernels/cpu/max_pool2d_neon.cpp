#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/max_pool2d.inc"
