#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/depthwise_conv2d.inc"
