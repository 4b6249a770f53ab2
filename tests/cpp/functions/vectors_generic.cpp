#include "samebits/kernels/cpu/simd_generic.h"

#include "functions/vectors.inc"
