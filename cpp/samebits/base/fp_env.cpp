#include "samebits/base/fp_env.h"

#include "samebits/numerics/sabotage.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace samebits {

#if defined(__aarch64__)
static void set_fpcr(unsigned long value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }
#endif

FpGuard::FpGuard() {
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);
#if defined(__x86_64__)
    _mm_setcsr(0x1F80);  // MXCSR: exceptions masked, nearest, neither FTZ nor DAZ (some libcs keep those two)
    if (sabotaged(Sabotage::flush_to_zero)) _mm_setcsr(0x9FC0);
#elif defined(__aarch64__)
    set_fpcr(0);  // nearest, no traps, no FZ, FIZ, FZ16 or DN; glibc keeps DN, FZ16 and AHP
    if (sabotaged(Sabotage::flush_to_zero)) set_fpcr(1UL << 24);
#endif
}

FpGuard::~FpGuard() {
    std::fesetenv(&saved_);  // x86-64: x87 environment and MXCSR, sticky flags included
#if defined(__aarch64__)
    set_fpcr(saved_.__fpcr);
#endif
}

}  // namespace samebits
