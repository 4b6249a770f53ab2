#include "samebits/train/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"

namespace samebits {
namespace {

constexpr auto interval = std::chrono::milliseconds(100);  // notebooks choke on more

}  // namespace

RunHooks with_defaults(RunHooks hooks) {
    if (!hooks.print) {
        hooks.print = [](const std::string& text) {
            std::fwrite(text.data(), 1, text.size(), stderr);
            std::fflush(stderr);
        };
        if (!hooks.is_terminal) hooks.is_terminal = [] { return isatty(2) == 1; };
    }
    if (!hooks.is_terminal) hooks.is_terminal = [] { return false; };
    if (!hooks.interrupted) hooks.interrupted = [] { return false; };
    hooks.print = [print = std::move(hooks.print)](const std::string& text) {
        const FpGuard guard;
        print(text);
    };
    hooks.interrupted = [interrupted = std::move(hooks.interrupted)] {
        const FpGuard guard;
        return interrupted();
    };
    return hooks;
}

std::string to_string(const Metrics& metrics) {
    std::string text;
    for (const auto& [name, value] : metrics) text += fmt::format("{}{}: {:.4f}", text.empty() ? "" : " - ", name, value);
    return text;
}

Progress::Progress(const RunHooks& hooks, Verbose verbose) : hooks_(hooks), verbose_(verbose) {
    if (verbose_ == Verbose::automatic) verbose_ = hooks_.is_terminal() ? Verbose::one_line : Verbose::per_epoch;
}

void Progress::note(const std::string& line) const {
    if (verbose_ != Verbose::silent) hooks_.print(line + "\n");
}

void Progress::begin(std::string title, std::int64_t steps) {
    title_ = std::move(title);
    steps_ = steps;
    started_ = shown_ = Clock::now();
    width_ = 0;
}

bool Progress::due() const {
    return verbose_ == Verbose::one_line && Clock::now() - shown_ >= interval && hooks_.is_terminal();
}

void Progress::step(std::int64_t done, const Metrics& metrics) {
    shown_ = Clock::now();
    rewrite(fmt::format("{}  {}/{}  {}", title_, done, steps_, to_string(metrics)));
}

void Progress::end(const Metrics& metrics) {
    if (verbose_ == Verbose::silent) return;
    const double seconds = std::chrono::duration<double>(Clock::now() - started_).count();
    const std::string text = fmt::format("{}  {}/{}  {:.2f}s  {}", title_, steps_, steps_, seconds, to_string(metrics));
    if (width_ > 0) {
        rewrite(text);
        hooks_.print("\n");
    } else {
        hooks_.print(text + "\n");
    }
}

void Progress::rewrite(const std::string& text) {
    const std::size_t blanks = width_ > text.size() ? width_ - text.size() : 0;  // over the rest of a longer line
    hooks_.print("\r" + text + std::string(blanks, ' '));
    width_ = text.size();
}

}  // namespace samebits
