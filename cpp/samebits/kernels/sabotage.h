// Deliberate breaches of the law, for the one test build that proves the tests can fail (-DSAMEBITS_SABOTAGE=ON). There the
// environment variable SAMEBITS_SABOTAGE names one: chunk_order, split_fma. In every other build sabotaged() is constant false.
#pragma once

namespace samebits::kernels {

enum class Sabotage { chunk_order, split_fma };

#if defined(SAMEBITS_SABOTAGE_BUILD)
bool sabotaged(Sabotage what);
#else
constexpr bool sabotaged(Sabotage) { return false; }
#endif

}  // namespace samebits::kernels
