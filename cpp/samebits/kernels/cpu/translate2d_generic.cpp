#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/translate2d.inc"
