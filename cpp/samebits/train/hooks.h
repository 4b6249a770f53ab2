// How a run talks to whoever started it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace samebits {

enum class Verbose : std::uint8_t {
    automatic,  // one_line on a terminal, else per_epoch
    silent,     // nothing
    one_line,   // a line that is rewritten at most ten times a second, and stays at the end of each epoch
    per_epoch,  // a line at the end of each epoch
};

struct RunHooks {
    // Takes a piece of text as it shall appear; "\r" at its start rewrites the line. Default: stderr.
    std::function<void(const std::string& text)> print{};
    // Whether print's target rewrites lines on "\r". Default: whether stderr is a terminal.
    std::function<bool()> is_terminal{};
    // Asked between steps; true ends the run with Interrupted. It may throw instead. The model stays as after the last step.
    std::function<bool()> interrupted{};
};

}  // namespace samebits
