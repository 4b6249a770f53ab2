// Our arithmetic runs in round-to-nearest-even with subnormals kept and exceptions masked, whatever the caller set.
#pragma once

#include <cfenv>
#include <cstdint>

namespace samebits {

// Sets that environment, and gives the caller's back untouched (rounding, FTZ/DAZ, masks, sticky flags) when it goes. Around
// what a run calls of others (callbacks, streams, hooks) it does the same for us: what they set ends with the call. A few
// instructions where the environment is right already, as there is one around every kernel.
class FpGuard {
public:
    FpGuard();
    ~FpGuard();
    FpGuard(const FpGuard&) = delete;
    FpGuard& operator=(const FpGuard&) = delete;

private:
#if defined(__x86_64__)
    std::uint32_t mxcsr_;
    std::uint16_t x87_;  // its control word; we compute nothing there, but others do
#elif defined(__aarch64__)
    std::uint64_t fpcr_, fpsr_;
#else
    std::fenv_t saved_;
#endif
};

}  // namespace samebits
