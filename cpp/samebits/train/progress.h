// What a person sees while a run goes on: one line, rewritten at most ten times a second; plain lines elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "samebits/train/history.h"
#include "samebits/train/hooks.h"

namespace samebits {

// Fills in what the caller left out: stderr, whether it is a terminal, no interruption.
RunHooks with_defaults(RunHooks hooks);

class Progress {
public:
    Progress(const RunHooks& hooks, Verbose verbose);

    void note(const std::string& line) const;  // a line of its own, unless silent
    void begin(std::string title, std::int64_t steps);
    // Whether a step is to be shown now.
    [[nodiscard]] bool due() const;
    void step(std::int64_t done, const Metrics& metrics);
    void end(const Metrics& metrics);

private:
    using Clock = std::chrono::steady_clock;

    void rewrite(const std::string& text);

    const RunHooks& hooks_;
    Verbose verbose_;
    std::string title_;
    std::int64_t steps_ = 0;
    Clock::time_point started_, shown_;
    std::size_t width_ = 0;
};

// "loss: 0.3120 - accuracy: 0.9011"
std::string to_string(const Metrics& metrics);

}  // namespace samebits
