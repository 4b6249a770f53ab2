#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

struct Case {
    std::int64_t samples, p, q, cols;
    bool scale = true;
    bool center = true;
};

// Everything a step computes, from one input.
struct Result {
    Floats mean, variance, y, dgamma, dbeta, dx, running;
};

struct Input {
    Floats x, dy, gamma, beta, running;

    Input(const Case& c, bool edgy) {
        Numbers numbers(static_cast<std::uint64_t>(c.samples * 1000 + c.cols));
        const std::int64_t count = c.samples * c.p * c.q * c.cols;
        const auto draw = [&](std::int64_t n) { return edgy ? numbers.edgy_vector(n) : numbers.vector(n, -3.0F, 5.0F); };
        x = draw(count);
        dy = draw(count);
        gamma = draw(c.cols);
        beta = draw(c.cols);
        running = draw(c.cols);
    }
};

BatchNorm norm_of(const Case& c, const Input& in) {
    return {c.samples * c.p * c.q,
            c.cols,
            numerics::over_pixels(c.samples, c.p, c.q),
            1e-3F,
            c.scale ? in.gamma.data() : nullptr,
            c.center ? in.beta.data() : nullptr};
}

// Forward and backward in place, where the contract allows it.
Result run(const Table& table, const Case& c, const Input& in) {
    const BatchNorm norm = norm_of(c, in);
    const auto columns = [&] { return Floats(static_cast<std::size_t>(c.cols), -7.0F); };
    Result r{columns(), columns(), in.x, columns(), columns(), in.dy, in.running};
    table.batch_norm_statistics(norm, in.x.data(), r.mean.data(), r.variance.data());
    table.batch_norm_forward(norm, r.y.data(), r.mean.data(), r.variance.data(), r.y.data());
    table.batch_norm_weight_gradient(norm, in.x.data(), in.dy.data(), r.mean.data(), r.variance.data(), r.dgamma.data(),
                                     r.dbeta.data());
    table.batch_norm_input_gradient(norm, in.x.data(), r.dx.data(), r.mean.data(), r.variance.data(), r.dgamma.data(),
                                    r.dbeta.data(), r.dx.data());
    table.moving_average(c.cols, 0.99F, static_cast<float>(1 - 0.99), r.mean.data(), r.running.data());
    return r;
}

void require_same(const Result& got, const Result& want) {
    CHECK(first_difference_of_numbers(got.mean, want.mean) == "");
    CHECK(first_difference_of_numbers(got.variance, want.variance) == "");
    CHECK(first_difference_of_numbers(got.y, want.y) == "");
    CHECK(first_difference_of_numbers(got.dgamma, want.dgamma) == "");
    CHECK(first_difference_of_numbers(got.dbeta, want.dbeta) == "");
    CHECK(first_difference_of_numbers(got.dx, want.dx) == "");
    CHECK(first_difference_of_numbers(got.running, want.running) == "");
}

Floats mean_and_variance(const Table& table, const Case& c, const Floats& x) {
    Floats both(2);
    const BatchNorm norm{c.samples * c.p * c.q, 1, numerics::over_pixels(c.samples, c.p, c.q), 0.0F};
    table.batch_norm_statistics(norm, x.data(), both.data(), both.data() + 1);
    return both;
}

}  // namespace

TEST_CASE("batch_norm: every instruction set and number of threads gives the reference's bits, also in place") {
    const Case cases[] = {
        {1, 1, 1, 1},          {2, 1, 1, 3},
        {9, 1, 1, 17},         {3, 8, 8, 16},
        {11, 8, 8, 33, false}, {4, 23, 23, 5},
        {1, 2, 600, 31},       {4700, 1, 1, 2, true, false},
        {5, 7, 1, 64},         {40, 19, 27, 4, false, false},
        {6, 3, 3, 1100},
    };
    for (const Case& c : cases) {
        for (const bool edgy : {false, true}) {
            const Input in(c, edgy);
            const Result want = run(reference(), c, in);
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", " << c.samples << " x " << c.p << " x " << c.q << " x " << c.cols << (edgy ? ", edgy" : ""));
                require_same(run(table, c, in), want);
            });
        }
    }
}

TEST_CASE("batch_norm: an addend and ReLU in the same pass, and its gradient, are the steps one after the other") {
    for (const Case& c : {Case{1, 1, 1, 1}, {3, 8, 8, 16}, {4, 23, 23, 5}, {40, 19, 27, 4, false, false}, {5, 7, 1, 64}}) {
        for (const bool edgy : {false, true}) {
            const Input in(c, edgy);
            const Result plain = run(reference(), c, in);
            Floats sum = in.dy;
            reference().add(static_cast<std::int64_t>(sum.size()), plain.y.data(), in.dy.data(), sum.data());
            const auto relu = [](Floats x) {
                reference().activation_forward(Activation::relu, static_cast<std::int64_t>(x.size()), x.data(), x.data());
                return x;
            };
            Input masked = in;
            reference().activation_gradient(Activation::relu, static_cast<std::int64_t>(in.dy.size()), relu(plain.y).data(),
                                            in.dy.data(), masked.dy.data());
            const Result through = run(reference(), c, masked);
            for_reference_and_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", " << c.samples << " x " << c.p << " x " << c.q << " x " << c.cols << (edgy ? ", edgy" : ""));
                BatchNorm norm = norm_of(c, in);
                const auto forward = [&](const float* addend, bool rectified, Floats y) {
                    norm.addend = addend;
                    norm.relu = rectified;
                    table.batch_norm_forward(norm, in.x.data(), plain.mean.data(), plain.variance.data(), y.data());
                    return y;
                };
                CHECK(first_difference_of_numbers(forward(in.dy.data(), false, in.x), sum) == "");
                CHECK(first_difference_of_numbers(forward(in.dy.data(), true, in.x), relu(sum)) == "");
                CHECK(first_difference_of_numbers(forward(nullptr, true, in.x), relu(plain.y)) == "");
                Result r = through;
                r.dx = in.dy;
                r.dgamma.assign(r.dgamma.size(), -7.0F);
                r.dbeta.assign(r.dbeta.size(), -7.0F);
                table.batch_norm_weight_gradient(norm, in.x.data(), in.dy.data(), r.mean.data(), r.variance.data(),
                                                 r.dgamma.data(), r.dbeta.data());
                table.batch_norm_input_gradient(norm, in.x.data(), r.dx.data(), r.mean.data(), r.variance.data(),
                                                r.dgamma.data(), r.dbeta.data(), r.dx.data());
                require_same(r, through);
            });
        }
    }
}

TEST_CASE("batch_norm: NaN and infinity stay in their column") {
    const Case c{20, 1, 1, 18};
    Input in(c, false);
    in.x[18 + 3] = not_a_number;
    in.x[2 * 18 + 17] = infinity;
    in.dy[5] = -infinity;
    const Result want = run(reference(), c, in);
    for (std::size_t col = 0; col < 18; ++col) {
        CHECK(std::isfinite(want.y[col]) == (col != 3 && col != 17));
        CHECK(std::isfinite(want.dbeta[col]) == (col != 5));
    }
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        require_same(run(table, c, in), want);
    });
}

TEST_CASE("batch_norm: the sums are cut over pixels, and the variance is taken in a second pass, fused") {
    const float big = 0x1p30F;
    // Chunks of 512 samples: 2^30 and -2^30 in one chunk lose the 1 between them, in two chunks they keep it... or not.
    Floats x(1024, 0.0F);
    x[0] = big;
    x[1] = 1.0F;
    x[2] = -big;
    Floats apart(1024, 0.0F);
    apart[0] = big;
    apart[512] = 1.0F;
    apart[513] = -big;
    Floats kept(1024, 0.0F);
    kept[0] = big;
    kept[1] = -big;
    kept[512] = 1.0F;
    // d * d of the second sample is 1 + 2^-11 + 2^-24: only a fused sum keeps the last term.
    Floats fused(2);
    fused[0] = 0.0F;
    fused[1] = 2.0F * (1.0F + 0x1p-12F);
    for_reference_and_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        const Case c{1024, 1, 1, 1};
        CHECK(mean_and_variance(table, c, x)[0] == 0.0F);
        CHECK(mean_and_variance(table, c, apart)[0] == 0.0F);
        CHECK(mean_and_variance(table, c, kept)[0] == 1.0F / 1024);
        CHECK(mean_and_variance(table, {2, 1, 1, 1}, {1e4F, 1e4F + 0x1p-6F})[1] == 0x1p-14F);
        CHECK(mean_and_variance(table, {2, 1, 1, 1}, fused)[1] == 1.0F + 0x1p-11F);
    });
}

TEST_CASE("batch_norm: variance is biased and epsilon stands under the root") {
    const Case c{4, 1, 1, 1};
    Input in(c, false);
    in.x = {1.0F, 3.0F, 1.0F, 3.0F};
    in.gamma = {2.0F};
    in.beta = {0.5F};
    for_reference_and_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        const Result r = run(table, c, in);
        CHECK(r.mean[0] == 2.0F);
        CHECK(r.variance[0] == 1.0F);
        const float scale = 2.0F * (1.0F / std::sqrt(1.0F + 1e-3F));
        CHECK(first_difference(r.y, Floats{std::fma(-1.0F, scale, 0.5F), std::fma(1.0F, scale, 0.5F),
                                           std::fma(-1.0F, scale, 0.5F), std::fma(1.0F, scale, 0.5F)}) == "");
        CHECK(r.running[0] == in.running[0] * 0.99F + 2.0F * static_cast<float>(1 - 0.99));
    });
}

TEST_CASE("batch_norm: without gamma and beta they are 1 and +0") {
    const Case with{7, 2, 2, 20};
    const Case without{7, 2, 2, 20, false, false};
    Input in(with, true);
    in.gamma.assign(20, 1.0F);
    in.beta.assign(20, 0.0F);
    require_same(run(reference(), without, in), run(reference(), with, in));
}
