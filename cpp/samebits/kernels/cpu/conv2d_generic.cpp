#include "samebits/kernels/cpu/simd_generic.h"
namespace samebits::kernels::generic {
constexpr int tile_rows = 6, tile_vectors = 1;
}
#include "samebits/kernels/cpu/conv2d.inc"
