// Penalties on weights, added to the loss in the order of the weights. Keras's names, arguments and defaults.
#pragma once

#include <string>
#include <string_view>

#include "samebits/base/api.h"

namespace samebits {

namespace regularizers {

struct L1 {
    double l1 = 0.01;
};
struct L2 {
    double l2 = 0.01;
};
struct L1L2 {
    double l1 = 0.0;
    double l2 = 0.0;
};

}  // namespace regularizers

// l1 * sum|w| + l2 * sum w^2; its gradient l1 * sign(w) + 2 * l2 * w.
struct SAMEBITS_API Regularizer {
    double l1 = 0;
    double l2 = 0;

    Regularizer() = default;                                           // none
    Regularizer(const regularizers::L1& r) : l1(r.l1) {}               // NOLINT: layers are given names and structs
    Regularizer(const regularizers::L2& r) : l2(r.l2) {}               // NOLINT
    Regularizer(const regularizers::L1L2& r) : l1(r.l1), l2(r.l2) {}   // NOLINT
    Regularizer(const std::string& name);                              // NOLINT
    Regularizer(const char* name) : Regularizer(std::string(name)) {}  // NOLINT

    // "l1", "l2", "l1_l2" (or "L1", "L2", "L1L2") with default arguments. Throws InvalidArgument under the name of the layer
    // that asks, NotImplemented for Keras's others.
    static Regularizer parse(std::string_view op, std::string_view name);
    [[nodiscard]] bool none() const { return l1 == 0 && l2 == 0; }
    // Finite and not negative; else InvalidArgument.
    void validate(std::string_view op) const;
};

}  // namespace samebits
