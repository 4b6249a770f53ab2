#include "samebits/kernels/cpu/simd_avx512.h"

#include "samebits/kernels/cpu/batch_norm.inc"
