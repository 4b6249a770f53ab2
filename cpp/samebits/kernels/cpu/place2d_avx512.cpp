#include "samebits/kernels/cpu/simd_avx512.h"

#include "samebits/kernels/cpu/place2d.inc"
