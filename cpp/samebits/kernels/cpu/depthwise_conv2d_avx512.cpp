#include "samebits/kernels/cpu/simd_avx512.h"

#include "samebits/kernels/cpu/depthwise_conv2d.inc"
