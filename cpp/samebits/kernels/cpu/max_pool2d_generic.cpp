#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/max_pool2d.inc"
