// GFLOP/s of one core doing nothing but fused multiply-adds in registers: 24 independent chains (12 with AVX2's 16
// registers), enough to hide a latency of 4 cycles at two a cycle.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <cstdint>

#include "samebits/kernels/isa.h"
#include "samebits/numerics/fma.h"

namespace samebits::benchmarks {

inline volatile float fma_sink;  // keeps the chains alive

// Each runs `rounds` rounds and returns the number of flops.
using FmaChains = double (*)(std::int64_t rounds);

#if defined(__x86_64__)
__attribute__((target("avx512f"))) inline double fma_chains_avx512(std::int64_t rounds) {
    constexpr int chains = 24;
    __m512 x[chains];
    for (int i = 0; i < chains; ++i) x[i] = _mm512_set1_ps(static_cast<float>(i));
    const __m512 factor = _mm512_set1_ps(0.5F);
    const __m512 term = _mm512_set1_ps(1.0F);
    for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 24
        for (int i = 0; i < chains; ++i) x[i] = _mm512_fmadd_ps(x[i], factor, term);
    }
    for (int i = 0; i < chains; ++i) fma_sink = x[i][0];
    return static_cast<double>(rounds) * chains * 16 * 2;
}

__attribute__((target("avx2,fma"))) inline double fma_chains_avx2(std::int64_t rounds) {
    constexpr int chains = 12;
    __m256 x[chains];
    for (int i = 0; i < chains; ++i) x[i] = _mm256_set1_ps(static_cast<float>(i));
    const __m256 factor = _mm256_set1_ps(0.5F);
    const __m256 term = _mm256_set1_ps(1.0F);
    for (std::int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
        for (int i = 0; i < chains; ++i) x[i] = _mm256_fmadd_ps(x[i], factor, term);
    }
    for (int i = 0; i < chains; ++i) fma_sink = x[i][0];
    return static_cast<double>(rounds) * chains * 8 * 2;
}
#endif

inline double fma_chains_generic(std::int64_t rounds) {
    constexpr int chains = 64;
    float x[chains];
    for (int i = 0; i < chains; ++i) x[i] = static_cast<float>(i);
    for (std::int64_t round = 0; round < rounds; ++round)
        for (int i = 0; i < chains; ++i) x[i] = numerics::fma(x[i], 0.5F, 1.0F);
    for (int i = 0; i < chains; ++i) fma_sink = x[i];
    return static_cast<double>(rounds) * chains * 2;
}

inline FmaChains fma_chains(kernels::Isa isa) {
#if defined(__x86_64__)
    if (isa == kernels::Isa::avx512) return fma_chains_avx512;
    if (isa == kernels::Isa::avx2) return fma_chains_avx2;
#endif
    return fma_chains_generic;
}

}  // namespace samebits::benchmarks
