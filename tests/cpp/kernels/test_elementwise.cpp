#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

const Elementwise functions[] = {
    {.function = Function::rectified, .slope = 0.0F, .threshold = 0.0F, .maximum = infinity},
    {.function = Function::rectified, .slope = 0.3F, .threshold = 0.0F, .maximum = infinity},
    {.function = Function::rectified, .slope = 0.0F, .threshold = 0.5F, .maximum = 6.0F},
    {.function = Function::rectified, .slope = 0.25F, .threshold = 1.0F, .maximum = 2.0F},
    {.function = Function::elu, .alpha = 0.7F},
    {.function = Function::gelu},
    {.function = Function::silu},
    {.function = Function::softplus},
    {.function = Function::affine, .scale = 1.0F + 0x1p-12F, .offset = -1.0F - 0x1p-11F},
};

Floats forward(const Table& table, const Elementwise& e, const Floats& x) {
    Floats y(x.size(), -7.0F);
    table.elementwise_forward(e, static_cast<std::int64_t>(x.size()), x.data(), y.data());
    return y;
}

Floats gradient(const Table& table, const Elementwise& e, const Floats& x, const Floats& dy) {
    Floats dx(x.size(), -7.0F);
    table.elementwise_gradient(e, static_cast<std::int64_t>(x.size()), x.data(), dy.data(), dx.data());
    return dx;
}

double oracle(const Elementwise& e, double x) {
    switch (e.function) {
        case Function::rectified:
            return x <= e.threshold ? e.slope * (x - e.threshold) : std::min(x, static_cast<double>(e.maximum));
        case Function::elu: return x > 0 ? x : e.alpha * std::expm1(x);
        case Function::gelu: return 0.5 * x * std::erfc(-x / std::sqrt(2.0));
        case Function::silu: return x / (1 + std::exp(-x));
        case Function::softplus: return std::log1p(std::exp(x));
        case Function::affine: return x * e.scale + e.offset;
    }
    return 0;
}

}  // namespace

TEST_CASE("elementwise: every instruction set and number of threads gives the reference's bits, also in place") {
    for (const std::int64_t count : {0, 1, 15, 16, 17, 16384, 40000}) {
        Numbers numbers(static_cast<std::uint64_t>(count) + 1);
        Floats x = numbers.edgy_vector(count);
        const Floats dy = numbers.edgy_vector(count);
        for (std::size_t i = 0; i < x.size() && i < 4; ++i) x[i] = Floats{-infinity, infinity, not_a_number, -0.0F}[i];
        for (const Elementwise& e : functions) {
            const Floats y = forward(reference(), e, x);
            const Floats dx = gradient(reference(), e, x, dy);
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", function " << static_cast<int>(e.function) << ", count " << count);
                CHECK(first_difference_of_numbers(forward(table, e, x), y) == "");
                CHECK(first_difference_of_numbers(gradient(table, e, x, dy), dx) == "");
                Floats got = x;
                table.elementwise_forward(e, count, got.data(), got.data());
                CHECK(first_difference_of_numbers(got, y) == "");
                got = dy;
                table.elementwise_gradient(e, count, x.data(), got.data(), got.data());
                CHECK(first_difference_of_numbers(got, dx) == "");
            });
        }
    }
}

TEST_CASE("elementwise: values and slopes are those of the functions") {
    Numbers numbers(9);
    const Floats x = numbers.vector(500, -6.0F, 6.0F);
    const Floats ones(x.size(), 1.0F);
    for (const Elementwise& e : functions) {
        INFO("function " << static_cast<int>(e.function));
        const Floats y = forward(reference(), e, x);
        const Floats dx = gradient(reference(), e, x, ones);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double h = 1e-6;
            const double at = x[i];
            if (std::fabs(at - e.threshold) < 1e-3 || std::fabs(at - e.maximum) < 1e-3) continue;
            CHECK(std::fabs(y[i] - oracle(e, at)) < 1e-6);
            CHECK(std::fabs(dx[i] - (oracle(e, at + h) - oracle(e, at - h)) / (2 * h)) < 1e-6);
        }
    }
}

TEST_CASE("elementwise: at the edges") {
    const Elementwise capped{.function = Function::rectified, .slope = 0.0F, .threshold = 1.0F, .maximum = 6.0F};
    CHECK(first_difference(forward(reference(), capped, {-infinity, -0.0F, 1.0F, 1.5F, 6.0F, infinity}),
                           Floats{0.0F, 0.0F, 0.0F, 1.5F, 6.0F, 6.0F}) == "");
    CHECK(first_difference(gradient(reference(), capped, {-infinity, 1.0F, 1.5F, 6.0F, infinity}, Floats(5, -2.0F)),
                           Floats{0.0F, 0.0F, -2.0F, 0.0F, 0.0F}) == "");
    CHECK(std::isnan(forward(reference(), capped, {not_a_number})[0]));
    // affine rounds twice: 1 + 2^-11 + 2^-24 loses its last term before the offset is added.
    CHECK(forward(reference(), functions[8], {1.0F + 0x1p-12F})[0] == 0.0F);
    // rectified with its first parameters is relu.
    Numbers numbers(3);
    const Floats x = numbers.edgy_vector(1000);
    Floats relu(x.size());
    reference().activation_forward(Activation::relu, 1000, x.data(), relu.data());
    CHECK(first_difference(forward(reference(), functions[0], x), relu) == "");
}

TEST_CASE("copy_rows: a part of each row, and nothing else") {
    for (const std::int64_t cols : {1, 3, 16, 70, 20000}) {
        const std::int64_t rows = cols < 100 ? 900 : 3;
        Numbers numbers(static_cast<std::uint64_t>(cols));
        const Floats from = numbers.edgy_vector(rows * (cols + 2));
        Floats want(static_cast<std::size_t>(rows * (cols + 5)), -7.0F);
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t j = 0; j < cols; ++j)
                want[static_cast<std::size_t>(row * (cols + 5) + j + 1)] = from[static_cast<std::size_t>(row * (cols + 2) + j)];
        const auto check = [&](const Table& table, const std::string& name) {
            INFO(name << ", cols " << cols);
            Floats to(want.size(), -7.0F);
            table.copy_rows(rows, cols, from.data(), cols + 2, to.data() + 1, cols + 5);
            CHECK(first_difference(to, want) == "");
        };
        check(reference(), "reference");
        for_every_table(check);
    }
}
