#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/batch_norm.inc"
