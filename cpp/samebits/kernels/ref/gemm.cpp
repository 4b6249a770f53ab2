// The law of the product of matrices: R(512, 8) over k ascending, as written.
#include "samebits/kernels/gemm.h"

#include "samebits/kernels/ref/activate.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

float element_of_a(const Gemm& g, std::int64_t m, std::int64_t k) {
    return g.layout == GemmLayout::tn ? g.a[k * g.lda + m] : g.a[m * g.lda + k];
}

float element_of_b(const Gemm& g, std::int64_t k, std::int64_t n) {
    return g.layout == GemmLayout::nt ? g.b[n * g.ldb + k] : g.b[k * g.ldb + n];
}

// A chunk is one chain from +0; a segment is the left fold of 8 chunks, the sum the left fold of the segments.
float sum_of_products(const Gemm& g, std::int64_t m, std::int64_t n) {
    float sum = 0;
    float segment = 0;
    std::int64_t chunk = 0;
    for (std::int64_t begin = 0; begin < g.k; ++chunk) {
        const std::int64_t end = numerics::chunk_end(g.chunking, begin, g.k);
        float chain = 0;
        for (; begin < end; ++begin) chain = numerics::fma(element_of_a(g, m, begin), element_of_b(g, begin, n), chain);
        segment = chunk % numerics::segment_chunks == 0 ? chain : segment + chain;
        const bool complete = (chunk + 1) % numerics::segment_chunks == 0 || end == g.k;
        if (complete) sum = chunk < numerics::segment_chunks ? segment : sum + segment;
    }
    return sum;
}

void gemm(const Gemm& g, std::byte*) {
    for (std::int64_t m = 0; m < g.m; ++m) {
        for (std::int64_t n = 0; n < g.n; ++n) {
            const float sum = sum_of_products(g, m, n);
            const float finished = (g.bias != nullptr ? sum + g.bias[n] : sum) + 0.0F;
            const bool passes = g.rectified == nullptr || g.rectified[m * g.ldc + n] > 0;
            g.c[m * g.ldc + n] = passes ? activate(g.activation, finished) : 0.0F;
        }
    }
}

std::size_t gemm_workspace(const Gemm&) { return 0; }

}  // namespace

void fill_gemm(Table& table) {
    table.gemm = gemm;
    table.gemm_workspace = gemm_workspace;
}

}  // namespace samebits::kernels::ref
