#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/layer_norm.inc"
