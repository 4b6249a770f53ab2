// Our arithmetic runs in round-to-nearest-even with subnormals kept and exceptions masked, whatever the caller set.
#pragma once

#include <cfenv>

namespace samebits {

// Sets that environment, and gives the caller's back untouched (rounding, FTZ/DAZ, masks, sticky flags) when it goes. Around
// what a run calls of others (callbacks, streams, hooks) it does the same for us: what they set ends with the call.
class FpGuard {
public:
    FpGuard();
    ~FpGuard();
    FpGuard(const FpGuard&) = delete;
    FpGuard& operator=(const FpGuard&) = delete;

private:
    std::fenv_t saved_;
};

}  // namespace samebits
