#include "samebits/kernels/cpu/simd_avx2.h"

#include "samebits/kernels/cpu/layer_norm.inc"
