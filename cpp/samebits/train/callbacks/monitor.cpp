#include "samebits/train/callbacks/monitor.h"

#include <cmath>
#include <string_view>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits::callbacks {

Mode mode_from(const std::string& op, const std::string& text) {
    require(text == "auto" || text == "min" || text == "max",
            "[{}] mode must be \"auto\", \"min\" or \"max\"; got mode=\"{}\"; choose one of them", op, text);
    return text == "auto" ? Mode::automatic : text == "min" ? Mode::min : Mode::max;
}

Monitor::Monitor(std::string op, std::string name, Mode mode, double min_delta)
    : op_(std::move(op)), name_(std::move(name)), mode_(mode), min_delta_(std::fabs(min_delta)) {
    require(std::isfinite(min_delta), "[{}] min_delta must be finite; got min_delta={}; give a finite number", op_, min_delta);
}

double Monitor::value(const Training& training, const Metrics& logs) {
    std::vector<std::string_view> known;
    for (const auto& [key, number] : logs) {
        known.emplace_back(key);
        if (key != name_) continue;
        require<NonFinite>(std::isfinite(number), "[{}] {} must be finite to be compared; got {}; lower the learning rate", op_,
                           name_, number);
        if (mode_ != Mode::automatic) return number;
        const std::optional<bool> rises = training.rises(name_);
        require(rises.has_value(), "[{}] nothing says whether {} should rise or fall; got mode=\"auto\"; do \"min\" or \"max\"",
                op_, name_);
        mode_ = *rises ? Mode::max : Mode::min;
        return number;
    }
    fail("[{}] there is no such number to monitor; got monitor=\"{}\"; there are {}{}", op_, name_, list_of(known),
         did_you_mean(name_, known));
}

bool Monitor::improves(double value, const std::optional<double>& reference) const {
    if (!reference) return true;
    return mode_ == Mode::max ? value - min_delta_ > *reference : value + min_delta_ < *reference;
}

}  // namespace samebits::callbacks
