#include "samebits/kernels/cpu/simd_generic.h"

#include "samebits/kernels/cpu/place2d.inc"
