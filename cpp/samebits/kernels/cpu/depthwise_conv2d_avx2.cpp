#include "samebits/kernels/cpu/simd_avx2.h"

#include "samebits/kernels/cpu/depthwise_conv2d.inc"
