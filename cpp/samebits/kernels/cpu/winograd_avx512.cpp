#include "samebits/kernels/cpu/simd_avx512.h"
namespace samebits::kernels::avx512 {
constexpr int tile_rows = 12, tile_vectors = 2;
}
#include "samebits/kernels/cpu/winograd.inc"
