#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

Floats softmax(const Table& table, std::int64_t cols, const Floats& x) {
    Floats y(x.size(), -7.0F);
    table.softmax(static_cast<std::int64_t>(x.size()) / cols, cols, x.data(), y.data());
    return y;
}

Floats gradient(const Table& table, std::int64_t cols, const Floats& y, const Floats& dy) {
    Floats dx(y.size(), -7.0F);
    table.softmax_gradient(static_cast<std::int64_t>(y.size()) / cols, cols, y.data(), dy.data(), dx.data());
    return dx;
}

// g, the lane sum of fma(dy, y, acc), which an element with y = -1 and dy = 0 shows: dx = y * (dy - g) = g. Terms
// are given by their index; all others are 0.
float shown_sum(const Table& table, std::int64_t cols, std::initializer_list<std::pair<std::int64_t, float>> terms) {
    Floats y(static_cast<std::size_t>(cols), 1.0F);
    Floats dy(y.size(), 0.0F);
    for (const auto& [index, term] : terms) dy[static_cast<std::size_t>(index)] = term;
    y.back() = -1.0F;
    return gradient(table, cols, y, dy).back();
}

}  // namespace

TEST_CASE("a row is exp(x - max) over its sum") {
    Numbers numbers(1);
    for (const std::int64_t cols : {1, 2, 10, 64, 1000, 5000}) {
        const Floats x = numbers.vector(cols, -30.0F, 30.0F);
        const Floats y = softmax(reference(), cols, x);
        const double max = *std::max_element(x.begin(), x.end());
        double sum = 0;
        for (const float v : x) sum += std::exp(v - max);
        for (std::size_t i = 0; i < x.size(); ++i) {
            // Roundings, in units of 2^-24: of x - max (its size), exp, the division, the chain and the fold of a lane.
            const double units = (max - x[i]) + 2 + static_cast<double>(cols) / 64 + 16;
            const double want = std::exp(x[i] - max) / sum;
            CHECK(std::fabs(y[i] - want) <= units * 0x1p-24 * want);
        }
    }
}

TEST_CASE("softmax in special cases") {
    CHECK(first_difference(softmax(reference(), 1, {-300.0F}), Floats{1.0F}) == "");
    CHECK(first_difference(softmax(reference(), 2, {1e30F, -1e30F}), Floats{1.0F, 0.0F}) == "");
    CHECK(first_difference(softmax(reference(), 3, {-infinity, 0.0F, -0.0F}), Floats{0.0F, 0.5F, 0.5F}) == "");
    CHECK(first_difference_of_numbers(softmax(reference(), 2, {infinity, 0.0F}), Floats{not_a_number, not_a_number}) == "");
    CHECK(first_difference_of_numbers(softmax(reference(), 2, {-infinity, -infinity}), Floats{not_a_number, not_a_number}) ==
          "");
    CHECK(first_difference_of_numbers(softmax(reference(), 2, {not_a_number, 0.0F}), Floats{not_a_number, not_a_number}) == "");
    CHECK(first_difference_of_numbers(softmax(reference(), 2, {0.0F, not_a_number}), Floats{not_a_number, not_a_number}) == "");
}

TEST_CASE("the gradient is that of a softmax") {
    Numbers numbers(2);
    for (const std::int64_t cols : {2, 10, 100}) {
        const Floats x = numbers.vector(cols, -3.0F, 3.0F);
        const Floats dy = numbers.vector(cols, -1.0F, 1.0F);
        const Floats dx = gradient(reference(), cols, softmax(reference(), cols, x), dy);
        const auto weighted = [&](std::size_t moved, double by) {  // sum of dy * softmax(x)
            double sum = 0;
            double value = 0;
            for (std::size_t i = 0; i < x.size(); ++i) {
                const double e = std::exp(x[i] + (i == moved ? by : 0));
                sum += e;
                value += dy[i] * e;
            }
            return value / sum;
        };
        const double h = 1e-5;
        for (std::size_t i = 0; i < x.size(); ++i)
            CHECK(std::fabs(dx[i] - (weighted(i, h) - weighted(i, -h)) / (2 * h)) < 2e-7);
    }
}

TEST_CASE("row sums are lane sums: 64 lanes, folded 32 .. 1, in blocks of 4096") {
    const float big = 1e8F;  // its unit in the last place is 8
    for_reference_and_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(shown_sum(table, 200, {{0, big}, {64, 1.0F}, {128, -big}}) == 0);  // one lane: the 1 is lost
        CHECK(shown_sum(table, 200, {{0, big}, {1, 1.0F}, {64, -big}}) == 1);    // another lane: it is not
        CHECK(shown_sum(table, 60, {{0, big}, {32, 1.0F}, {1, -big}}) == 0);     // the upper half comes first,
        CHECK(shown_sum(table, 60, {{0, big}, {1, 1.0F}, {32, -big}}) == 1);
        CHECK(shown_sum(table, 60, {{0, big}, {1, 1.0F}, {2, -big}}) == 1);  // lane 2 before lane 1
        CHECK(shown_sum(table, 60, {{0, big}, {2, 1.0F}, {1, -big}}) == 0);
        CHECK(shown_sum(table, 5000, {{0, big}, {4096, -big}, {4097, 1.0F}}) == 0);  // a block is folded by itself
        CHECK(shown_sum(table, 9000, {{0, big}, {4096, -big}, {8192, 1.0F}}) == 1);  // blocks from the left
        CHECK(shown_sum(table, 9000, {{0, big}, {4096, 1.0F}, {8192, -big}}) == 0);
    });
}

TEST_CASE("the products of the gradient's row sum are fused") {
    const float f = 1.0F + 0x1p-12F;  // f * f = 1 + 2^-11 + 2^-24
    Floats y(65, 0.0F);
    Floats dy(65, 0.0F);
    y[0] = 1.0F;
    dy[0] = -(1.0F + 0x1p-11F);
    y[64] = dy[64] = f;
    y[1] = -1.0F;
    for_reference_and_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(gradient(table, 65, y, dy)[1] == 0x1p-24F);
    });
}

TEST_CASE("a row sum that underflows to -0 ends as +0") {
    Floats y(128, 1.0F);
    Floats dy(128, -0.0F);
    std::fill_n(y.begin(), 64, 0x1p-100F);
    std::fill_n(dy.begin(), 64, -0x1p-100F);  // every lane is -0 after its first product
    for_reference_and_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(std::signbit(gradient(table, 128, y, dy)[64]));  // -0 - (+0)
    });
}

TEST_CASE("every instruction set and number of threads gives the reference's bits, also in place") {
    for (const std::int64_t cols : edge_sizes()) {
        if (cols == 0) continue;
        const std::int64_t rows = cols < 200 ? 131 : 4;
        Numbers numbers(static_cast<std::uint64_t>(cols));
        Floats x = numbers.vector(rows * cols, -20.0F, 5.0F);
        const Floats edgy = numbers.edgy_vector(cols);
        std::copy(edgy.begin(), edgy.end(), x.begin());
        x[static_cast<std::size_t>(cols + cols / 2)] = not_a_number;
        x[static_cast<std::size_t>(3 * cols - 1)] = -infinity;
        const Floats dy = numbers.edgy_vector(rows * cols);
        const Floats y = softmax(reference(), cols, x);
        const Floats dx = gradient(reference(), cols, y, dy);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(name << ", cols " << cols);
            Floats got = x;
            table.softmax(rows, cols, got.data(), got.data());
            CHECK(first_difference_of_numbers(got, y) == "");
            CHECK(first_difference_of_numbers(softmax(table, cols, x), y) == "");
            CHECK(first_difference_of_numbers(gradient(table, cols, y, dy), dx) == "");
            got = dy;
            table.softmax_gradient(rows, cols, y.data(), got.data(), got.data());
            CHECK(first_difference_of_numbers(got, dx) == "");
        });
    }
}
