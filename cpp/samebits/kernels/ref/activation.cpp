#include "samebits/kernels/activation.h"

#include "samebits/kernels/ref/activate.h"
#include "samebits/kernels/registry.h"
#include "samebits/numerics/fma.h"

namespace samebits::kernels::ref {
namespace {

// f'(x) applied to dy, where y = f(x).
float gradient(Activation kind, float y, float dy) {
    switch (kind) {
        case Activation::linear: return dy;
        case Activation::relu: return y > 0.0F ? dy : 0.0F;
        case Activation::tanh: return dy * numerics::fma(-y, y, 1.0F);
        case Activation::sigmoid: return dy * (y * (1.0F - y));
    }
    return dy;
}

void activation_forward(Activation kind, std::int64_t count, const float* x, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = activate(kind, x[i]);
}

void activation_gradient(Activation kind, std::int64_t count, const float* y, const float* dy, float* dx) {
    for (std::int64_t i = 0; i < count; ++i) dx[i] = gradient(kind, y[i], dy[i]);
}

}  // namespace

void fill_activation(Table& table) {
    table.activation_forward = activation_forward;
    table.activation_gradient = activation_gradient;
}

}  // namespace samebits::kernels::ref
