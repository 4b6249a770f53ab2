#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/place2d.inc"
