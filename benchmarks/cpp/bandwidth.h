// Plain passes over memory with the widest vectors of an instruction set: what a kernel's bytes a second are compared with.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstdint>

#include "samebits/kernels/isa.h"

namespace samebits::benchmarks {

// a = b + 3 * c of `count` floats, a multiple of 64, aligned to 64 bytes; stores go through the caches, as the kernels' do.
using Triad = void (*)(std::int64_t count, float* a, const float* b, const float* c);

#if defined(__x86_64__)
__attribute__((target("avx512f"))) inline void triad_avx512(std::int64_t count, float* a, const float* b, const float* c) {
    const __m512 factor = _mm512_set1_ps(3.0F);
    for (std::int64_t i = 0; i < count; i += 64)
        for (std::int64_t j = i; j < i + 64; j += 16)
            _mm512_store_ps(a + j, _mm512_fmadd_ps(factor, _mm512_load_ps(c + j), _mm512_load_ps(b + j)));
}

__attribute__((target("avx2,fma"))) inline void triad_avx2(std::int64_t count, float* a, const float* b, const float* c) {
    const __m256 factor = _mm256_set1_ps(3.0F);
    for (std::int64_t i = 0; i < count; i += 64)
        for (std::int64_t j = i; j < i + 64; j += 8)
            _mm256_store_ps(a + j, _mm256_fmadd_ps(factor, _mm256_load_ps(c + j), _mm256_load_ps(b + j)));
}
#endif

inline void triad_generic(std::int64_t count, float* a, const float* b, const float* c) {
    for (std::int64_t i = 0; i < count; ++i) a[i] = b[i] + 3.0F * c[i];
}

inline Triad triad(kernels::Isa isa) {
#if defined(__x86_64__)
    if (isa == kernels::Isa::avx512) return triad_avx512;
    if (isa == kernels::Isa::avx2) return triad_avx2;
#endif
    return triad_generic;
}

}  // namespace samebits::benchmarks
