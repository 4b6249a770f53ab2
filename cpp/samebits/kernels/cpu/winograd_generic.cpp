#include "samebits/kernels/cpu/simd_generic.h"
namespace samebits::kernels::generic {
constexpr int tile_rows = 4, tile_vectors = 1;
}
#include "samebits/kernels/cpu/winograd.inc"
