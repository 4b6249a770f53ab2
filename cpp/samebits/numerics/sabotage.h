// Deliberate breaches of the law, for the one test build that proves the tests can fail (-DSAMEBITS_SABOTAGE=ON). There the
// environment variable SAMEBITS_SABOTAGE names one; in every other build sabotaged() is constant false. docs/sabotage.md
// says what catches each.
#pragma once

namespace samebits {

// clang-format off
#define SAMEBITS_SABOTAGES(X)                                                             \
    X(chunk_order)        /* the first chunk is cut in two, or chunks run backwards */     \
    X(segment_order)      /* segments after the first are folded last to first */          \
    X(split_fma)          /* vectors round a * b + c twice */                              \
    X(flush_to_zero)      /* FTZ and DAZ, FZ on AArch64 */                                 \
    X(ulp_exp) X(ulp_log) X(ulp_log1p) X(ulp_expm1) X(ulp_tanh) /* one place more, */       \
    X(ulp_sigmoid) X(ulp_erf) X(ulp_sinpi) X(ulp_cospi)         /* for most inputs */       \
    X(thread_cut)         /* chunks of products are cut by the number of threads */        \
    X(dropout_call_order) /* masks are numbered as they are drawn */                       \
    X(shuffle_by_worker)  /* each worker draws its keys from a stream of its own */
// clang-format on

enum class Sabotage {
    none,
#define SAMEBITS_NAME(name) name,
    SAMEBITS_SABOTAGES(SAMEBITS_NAME)
#undef SAMEBITS_NAME
};

#if defined(SAMEBITS_SABOTAGE_BUILD)
extern const Sabotage active_sabotage;  // base/sabotage.cpp
static inline bool sabotaged(Sabotage what) { return active_sabotage == what; }
#else
static inline constexpr bool sabotaged(Sabotage) { return false; }
#endif

}  // namespace samebits
