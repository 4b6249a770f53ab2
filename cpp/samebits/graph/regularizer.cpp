#include "samebits/graph/regularizer.h"

#include <cmath>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {

Regularizer::Regularizer(const std::string& name) : Regularizer(parse("regularizer", name)) {}

Regularizer Regularizer::parse(std::string_view op, std::string_view name) {
    if (name == "l1" || name == "L1") return regularizers::L1{};
    if (name == "l2" || name == "L2") return regularizers::L2{};
    if (name == "l1_l2" || name == "l1l2" || name == "L1L2") return regularizers::L1L2{};
    require<NotImplemented>(snake_case(name) != "orthogonal_regularizer",
                            "[{}] regularizer \"{}\" is not implemented yet; got \"{}\"; use l1, l2 or l1_l2", op, name, name);
    fail("[{}] unknown regularizer; got \"{}\"; use l1, l2 or l1_l2", op, name);
}

void Regularizer::validate(std::string_view op) const {
    const auto fits = [](double value) { return value >= 0 && std::isfinite(static_cast<float>(value)); };
    require(fits(l1) && fits(l2),
            "[{}] a regularizer's factors must be finite in float32 and not negative; got l1={}, l2={}; give numbers from 0 on",
            op, l1, l2);
}

}  // namespace samebits
