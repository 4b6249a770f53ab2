#include "samebits/base/fp_env.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace samebits {

FpGuard::FpGuard() {
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);  // AArch64: clears FPCR, with it FZ
#if defined(__x86_64__)
    _mm_setcsr(0x1F80);  // MXCSR: exceptions masked, nearest, neither FTZ nor DAZ (some libcs keep those two)
#endif
}

FpGuard::~FpGuard() { std::fesetenv(&saved_); }  // x86-64: x87 environment and MXCSR, sticky flags included

}  // namespace samebits
