// Deliberate breaches of the law, for the one test build that proves the tests can fail (-DSAMEBITS_SABOTAGE=ON). There the
// environment variable SAMEBITS_SABOTAGE names one; in every other build sabotaged() is constant false. docs/sabotage.md
// says what catches each: tests/tools/sabotage.py makes its table from the lines below.
#pragma once

namespace samebits {

// clang-format off
#define SAMEBITS_SABOTAGES(X) \
    X(chunk_order)        /* chunks are cut elsewhere or added last to first */ \
    X(segment_order)      /* segments after the first are added last to first */ \
    X(split_fma)          /* vectors round a * b + c twice */ \
    X(flush_to_zero)      /* subnormals are flushed: FTZ and DAZ, on AArch64 FZ */ \
    X(ulp_exp)            /* exp rounds to the next binary32 for most inputs */ \
    X(ulp_expm1)          /* so does expm1 */ \
    X(ulp_log)            /* so does log */ \
    X(ulp_log1p)          /* so does log1p */ \
    X(ulp_tanh)           /* so does tanh */ \
    X(ulp_sigmoid)        /* so does sigmoid */ \
    X(ulp_erf)            /* so does erf */ \
    X(ulp_sinpi)          /* so does sinpi */ \
    X(ulp_cospi)          /* so does cospi */ \
    X(thread_cut)         /* chunks of products are cut by the number of threads */ \
    X(dropout_call_order) /* dropout numbers its masks as they are drawn */ \
    X(shuffle_by_worker)  /* shuffling: each worker draws keys from a stream of its own */ \
    X(variance_unbiased)  /* the moving variance of batch normalization takes V / (n - 1) */ \
    X(epsilon_moved)      /* batch normalization adds epsilon after the root */
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
