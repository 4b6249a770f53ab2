#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/depthwise_conv2d.inc"
