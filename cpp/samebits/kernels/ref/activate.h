// One element of an activation: the law, for every reference kernel that ends with one.
#pragma once

#include "samebits/kernels/activation.h"
#include "samebits/numerics/functions.h"

namespace samebits::kernels {

static inline float activate(Activation kind, float x) {
    switch (kind) {
        case Activation::linear: return x;
        case Activation::relu: return x <= 0.0F ? 0.0F : x;
        case Activation::tanh: return numerics::tanh(x);
        case Activation::sigmoid: return numerics::sigmoid(x);
    }
    return x;
}

}  // namespace samebits::kernels
