#include "samebits/kernels/cpu/simd_avx2.h"

#include "samebits/kernels/cpu/place2d.inc"
