#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/avg_pool2d.inc"
