// C(M, N) = act((sum over k of op(A)(m, k) * op(B)(k, n) + bias(n)) + 0.0f), every sum in the order of numerics/order.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "samebits/kernels/activation.h"
#include "samebits/numerics/order.h"

namespace samebits::kernels {

enum class GemmLayout : std::uint8_t {
    nn,  // A (M, K), B (K, N): forward
    nt,  // A (M, K), B (N, K): input gradient, dx = dy * W^T
    tn,  // A (K, M), B (K, N): weight gradient, dW = x^T * dy
};

struct Gemm {
    GemmLayout layout;
    std::int64_t m, n, k;  // any may be 0; k = 0 gives act(bias + 0)
    const float* a;
    std::int64_t lda;  // elements between rows of A as stored
    const float* b;
    std::int64_t ldb;
    float* c;
    std::int64_t ldc;
    numerics::Chunking chunking;  // numerics::over_terms(k), or over_pixels(...) for a weight gradient
    const float* bias = nullptr;  // (N) or none
    Activation activation = Activation::linear;
    const float* rectified = nullptr;  // (M, N), rows ldc apart, or none: C is +0 where it is not above 0 (ReLU's gradient)
};

// `workspace`: gemm_workspace(gemm) bytes, aligned to 64, contents free before and after. C must not overlap A, B or
// `rectified`.
using GemmFunction = void (*)(const Gemm& gemm, std::byte* workspace);
// Bytes; depends on layout, m, n, k and chunking alone (never on threads or pointers) and does not fall when m or k grow.
using GemmWorkspace = std::size_t (*)(const Gemm& gemm);

}  // namespace samebits::kernels
