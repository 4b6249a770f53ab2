#include "samebits/kernels/cpu/simd_avx2.h"
namespace samebits::kernels::avx2 {
constexpr int tile_rows = 6, tile_vectors = 1;
}
#include "samebits/kernels/cpu/winograd.inc"
