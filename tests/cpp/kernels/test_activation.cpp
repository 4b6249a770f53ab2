#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

constexpr Activation kinds[] = {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid};
Floats forward(const Table& table, Activation kind, const Floats& x) {
    Floats y(x.size(), -7.0F);
    table.activation_forward(kind, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    return y;
}

Floats gradient(const Table& table, Activation kind, const Floats& y, const Floats& dy) {
    Floats dx(y.size(), -7.0F);
    table.activation_gradient(kind, static_cast<std::int64_t>(y.size()), y.data(), dy.data(), dx.data());
    return dx;
}

// Edgy numbers with a NaN and both infinities among them.
Floats arguments(std::int64_t count, std::uint64_t seed) {
    Floats x = Numbers(seed).edgy_vector(count);
    for (std::size_t i = 3; i < x.size(); i += 97) x[i] = i % 2 == 0 ? not_a_number : i % 3 == 0 ? infinity : -infinity;
    return x;
}

}  // namespace

TEST_CASE("relu gives +0 for all that is not positive and lets a NaN pass") {
    const Floats x{-1.0F, -0.0F, 0.0F, 0x1p-149F, 2.0F, -infinity, infinity, not_a_number};
    const Floats want{0.0F, 0.0F, 0.0F, 0x1p-149F, 2.0F, 0.0F, infinity, not_a_number};
    CHECK(first_difference_of_numbers(forward(reference(), Activation::relu, x), want) == "");
    const Floats dy{1.0F, 2.0F, 3.0F, 4.0F, -5.0F, not_a_number, infinity, 6.0F};
    const Floats want_dx{0.0F, 0.0F, 0.0F, 4.0F, -5.0F, 0.0F, infinity, 0.0F};
    CHECK(first_difference_of_numbers(gradient(reference(), Activation::relu, want, dy), want_dx) == "");
}

TEST_CASE("linear copies bits") {
    const Floats x = arguments(300, 1);
    CHECK(first_difference(forward(reference(), Activation::linear, x), x) == "");
    CHECK(first_difference(gradient(reference(), Activation::linear, x, x), x) == "");
}

TEST_CASE("tanh and sigmoid are float64's, rounded") {
    for (const float x : Numbers(2).vector(20000, -12.0F, 12.0F)) {
        const double t = std::tanh(static_cast<double>(x));
        const double s = 1 / (1 + std::exp(-static_cast<double>(x)));
        // Half a unit in the last place, and a little for the float64 functions themselves.
        CHECK(std::fabs(forward(reference(), Activation::tanh, {x})[0] - t) <= 0x1.000001p-24 * std::fabs(t));
        CHECK(std::fabs(forward(reference(), Activation::sigmoid, {x})[0] - s) <= 0x1.000001p-24 * s);
    }
}

TEST_CASE("gradients are said by the output: dy * fma(-y, y, 1) and dy * (y * (1 - y)), and are the derivatives") {
    for (const float x : Numbers(3).vector(5000, -6.0F, 6.0F)) {
        const double h = 1e-5;
        const auto slope = [&](auto f) { return (f(x + h) - f(x - h)) / (2 * h); };

        const float t = forward(reference(), Activation::tanh, {x})[0];
        const float dt = gradient(reference(), Activation::tanh, {t}, {3.0F})[0];
        CHECK(dt == 3.0F * std::fma(-t, t, 1.0F));
        CHECK(std::fabs(dt - 3 * slope([](double v) { return std::tanh(v); })) < 1e-6);

        const float s = forward(reference(), Activation::sigmoid, {x})[0];
        const float ds = gradient(reference(), Activation::sigmoid, {s}, {3.0F})[0];
        volatile float rest = 1.0F - s;
        volatile float product = s * rest;
        CHECK(ds == 3.0F * product);
        CHECK(std::fabs(ds - 3 * slope([](double v) { return 1 / (1 + std::exp(-v)); })) < 1e-6);
    }
}

TEST_CASE("every instruction set and number of threads gives the reference's bits, also in place") {
    for (const std::int64_t count : edge_sizes()) {
        const auto seed = static_cast<std::uint64_t>(count);
        const Floats x = arguments(count, seed);
        const Floats dy = arguments(count, seed + 1);
        for_every_table([&](const Table& table, const std::string& name) {
            for (const Activation kind : kinds) {
                INFO(name << ", kind " << static_cast<int>(kind) << ", count " << count);
                const Floats y = forward(reference(), kind, x);
                CHECK(first_difference_of_numbers(forward(table, kind, x), y) == "");
                Floats in_place = x;
                table.activation_forward(kind, count, in_place.data(), in_place.data());
                CHECK(first_difference_of_numbers(in_place, y) == "");

                const Floats dx = gradient(reference(), kind, y, dy);
                CHECK(first_difference_of_numbers(gradient(table, kind, y, dy), dx) == "");
                in_place = dy;
                table.activation_gradient(kind, count, y.data(), in_place.data(), in_place.data());
                CHECK(first_difference_of_numbers(in_place, dx) == "");
            }
        });
    }
}
