#include "samebits/kernels/cpu/simd_neon.h"
namespace samebits::kernels::neon {
constexpr int tile_rows = 6, tile_vectors = 1;
}
#include "samebits/kernels/cpu/winograd.inc"
