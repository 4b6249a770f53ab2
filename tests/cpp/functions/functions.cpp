#include "functions/functions.h"

#include <cmath>
#include <numbers>

#include "samebits/kernels/isa.h"
#include "samebits/numerics/functions.h"

namespace samebits::test {
namespace {

// Real: double or long double.
template <class Real>
Real sigmoid(Real x) {
    return 1 / (1 + std::exp(-x));
}

template <class Real>
Real sinpi(Real x) {
    if (!std::isfinite(x)) return x - x;
    const Real r = std::remainder(x, Real{2});  // exact
    const Real a = std::fabs(r) > Real{0.5} ? 1 - std::fabs(r) : std::fabs(r);
    if (a == 0) return std::copysign(Real{0}, x);
    const Real pi = std::numbers::pi_v<Real>;
    return std::copysign(a > Real{0.25} ? std::cos(pi * (Real{0.5} - a)) : std::sin(pi * a), r);
}

template <class Real>
Real cospi(Real x) {
    if (!std::isfinite(x)) return x - x;
    const Real a = std::fabs(std::remainder(x, Real{2}));
    if (a == Real{0.5}) return 0;
    const Real pi = std::numbers::pi_v<Real>;
    if (a < Real{0.25} || a > Real{0.75}) return a < Real{0.5} ? std::cos(pi * a) : -std::cos(pi * (1 - a));
    return std::sin(pi * (Real{0.5} - a));
}

template <class Oracle>
Function entry(const char* name, float (*scalar)(float), ArrayFunction VectorFunctions::*vector, Oracle oracle) {
    return {name, scalar, vector, oracle, oracle};
}

}  // namespace

const std::vector<Function>& all_functions() {
    using V = VectorFunctions;
    static const std::vector<Function> functions = {
        entry("exp", numerics::exp, &V::exp, [](auto x) { return std::exp(x); }),
        entry("expm1", numerics::expm1, &V::expm1, [](auto x) { return std::expm1(x); }),
        entry("log", numerics::log, &V::log, [](auto x) { return std::log(x); }),
        entry("log1p", numerics::log1p, &V::log1p, [](auto x) { return std::log1p(x); }),
        entry("tanh", numerics::tanh, &V::tanh, [](auto x) { return std::tanh(x); }),
        entry("sigmoid", numerics::sigmoid, &V::sigmoid, [](auto x) { return sigmoid(x); }),
        entry("erf", numerics::erf, &V::erf, [](auto x) { return std::erf(x); }),
        entry("sinpi", numerics::sinpi, nullptr, [](auto x) { return sinpi(x); }),
        entry("cospi", numerics::cospi, nullptr, [](auto x) { return cospi(x); }),
    };
    return functions;
}

std::vector<IsaFunctions> all_vector_functions() {
    std::vector<IsaFunctions> all;
#define SAMEBITS_APPEND(isa) \
    if (kernels::available(kernels::Isa::isa)) all.push_back({#isa, kernels::isa::vector_functions});
    SAMEBITS_BUILT_ISAS(SAMEBITS_APPEND)
    return all;
}

}  // namespace samebits::test
