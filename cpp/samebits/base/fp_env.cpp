#include "samebits/base/fp_env.h"

#include "samebits/numerics/sabotage.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace samebits {

#if defined(__x86_64__)

namespace {

constexpr std::uint32_t flags = 0x3F;      // MXCSR: what has happened
constexpr std::uint32_t masked = 0x1F80;   // exceptions masked, nearest, neither FTZ nor DAZ
constexpr std::uint32_t flushed = 0x9FC0;  // with both
constexpr std::uint16_t x87_default = 0x037F;

std::uint16_t x87_control() {
    std::uint16_t word = 0;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}
void set_x87_control(std::uint16_t word) { __asm__ volatile("fldcw %0" : : "m"(word)); }

}  // namespace

FpGuard::FpGuard() : mxcsr_(_mm_getcsr()), x87_(x87_control()) {
    const std::uint32_t wanted = sabotaged(Sabotage::flush_to_zero) ? flushed : masked;
    if ((mxcsr_ & ~flags) != wanted) _mm_setcsr(wanted);
    if (x87_ != x87_default) set_x87_control(x87_default);
}

FpGuard::~FpGuard() {
    if (_mm_getcsr() != mxcsr_) _mm_setcsr(mxcsr_);
    if (x87_control() != x87_) set_x87_control(x87_);
}

#elif defined(__aarch64__)

namespace {

// Nearest, no traps, no FZ, FIZ, FZ16 or DN is 0.
std::uint64_t wanted_fpcr() { return sabotaged(Sabotage::flush_to_zero) ? std::uint64_t{1} << 24 : 0; }

std::uint64_t fpcr() {
    std::uint64_t value = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
}
std::uint64_t fpsr() {
    std::uint64_t value = 0;
    __asm__ volatile("mrs %0, fpsr" : "=r"(value));
    return value;
}
void set_fpcr(std::uint64_t value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }
void set_fpsr(std::uint64_t value) { __asm__ volatile("msr fpsr, %0" : : "r"(value)); }

}  // namespace

FpGuard::FpGuard() : fpcr_(fpcr()), fpsr_(fpsr()) {
    if (fpcr_ != wanted_fpcr()) set_fpcr(wanted_fpcr());
}

FpGuard::~FpGuard() {
    if (fpcr() != fpcr_) set_fpcr(fpcr_);
    if (fpsr() != fpsr_) set_fpsr(fpsr_);
}

#else

FpGuard::FpGuard() {
    std::fegetenv(&saved_);
    std::fesetenv(FE_DFL_ENV);
}

FpGuard::~FpGuard() { std::fesetenv(&saved_); }

#endif

}  // namespace samebits
