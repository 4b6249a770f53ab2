#include "samebits/kernels/cpu/simd_neon.h"

#include "samebits/kernels/cpu/translate2d.inc"
