#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/layer_norm.inc"
