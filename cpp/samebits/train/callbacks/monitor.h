// The number that a callback watches, and what is better.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "samebits/base/api.h"
#include "samebits/train/callback.h"

namespace samebits::callbacks {

// "auto": what the number's metric says; losses and errors fall, accuracies rise.
enum class Mode : std::uint8_t { automatic, min, max };

// "auto", "min" or "max"; else InvalidArgument.
SAMEBITS_API Mode mode_from(const std::string& op, const std::string& text);

class SAMEBITS_API Monitor {
public:
    // op: the callback, in errors. min_delta: its size is what an improvement must exceed. Throws InvalidArgument unless
    // finite.
    Monitor(std::string op, std::string name, Mode mode, double min_delta);

    [[nodiscard]] const std::string& name() const { return name_; }
    // The number in these logs. Throws InvalidArgument, naming those there are, when it is not there, and when mode is
    // automatic and nobody knows its direction; NonFinite for NaN or infinity.
    [[nodiscard]] double value(const Training& training, const Metrics& logs);
    // Whether value beats reference by more than min_delta; any number beats none. After value() only.
    [[nodiscard]] bool improves(double value, const std::optional<double>& reference) const;

private:
    std::string op_, name_;
    Mode mode_;
    double min_delta_;
};

}  // namespace samebits::callbacks
