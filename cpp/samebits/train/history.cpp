#include "samebits/train/history.h"

#include "samebits/base/check.h"

namespace samebits {

const std::vector<double>& History::operator[](const std::string& name) const {
    for (const auto& [key, values] : series)
        if (key == name) return values;
    fail<IndexOutOfRange>("[history] no such series; got \"{}\"", name);
}

}  // namespace samebits
