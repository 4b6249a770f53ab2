#include "samebits/train/history.h"

#include "samebits/base/check.h"

namespace samebits {

void set(Metrics& metrics, const std::string& name, double value) {
    for (auto& [key, number] : metrics)
        if (key == name) {
            number = value;
            return;
        }
    metrics.emplace_back(name, value);
}

const std::vector<double>& History::operator[](const std::string& name) const {
    for (const auto& [key, values] : series)
        if (key == name) return values;
    fail<IndexOutOfRange>("[history] no such series; got \"{}\"; look at its names", name);
}

}  // namespace samebits
