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

struct Input {
    Floats x, dy, gamma, beta;

    Input(const Case& c, bool edgy) {
        Numbers numbers(static_cast<std::uint64_t>(c.samples * 1000 + c.cols));
        const std::int64_t count = c.samples * c.p * c.q * c.cols;
        const auto draw = [&](std::int64_t n) { return edgy ? numbers.edgy_vector(n) : numbers.vector(n, -3.0F, 5.0F); };
        x = draw(count);
        dy = draw(count);
        gamma = draw(c.cols);
        beta = draw(c.cols);
    }
};

struct Result {
    Floats mean, inv, y, dgamma, dbeta, dx;
};

Result run(const Table& table, const Case& c, const Input& in) {
    const std::int64_t rows = c.samples * c.p * c.q;
    const LayerNorm norm{rows,
                         c.cols,
                         numerics::over_pixels(c.samples, c.p, c.q),
                         1e-3F,
                         c.scale ? in.gamma.data() : nullptr,
                         c.center ? in.beta.data() : nullptr};
    const auto blank = [](std::int64_t n) { return Floats(static_cast<std::size_t>(n), -7.0F); };
    Result r{blank(rows), blank(rows), in.x, blank(c.cols), blank(c.cols), in.dy};
    table.layer_norm_forward(norm, r.y.data(), r.mean.data(), r.inv.data(), r.y.data());
    table.layer_norm_weight_gradient(norm, in.x.data(), in.dy.data(), r.mean.data(), r.inv.data(), r.dgamma.data(),
                                     r.dbeta.data());
    table.layer_norm_input_gradient(norm, in.x.data(), r.dx.data(), r.mean.data(), r.inv.data(), r.dx.data());
    Floats y = blank(rows * c.cols);
    table.layer_norm_forward(norm, in.x.data(), nullptr, nullptr, y.data());
    CHECK(first_difference_of_numbers(y, r.y) == "");
    return r;
}

void require_same(const Result& got, const Result& want) {
    CHECK(first_difference_of_numbers(got.mean, want.mean) == "");
    CHECK(first_difference_of_numbers(got.inv, want.inv) == "");
    CHECK(first_difference_of_numbers(got.y, want.y) == "");
    CHECK(first_difference_of_numbers(got.dgamma, want.dgamma) == "");
    CHECK(first_difference_of_numbers(got.dbeta, want.dbeta) == "");
    CHECK(first_difference_of_numbers(got.dx, want.dx) == "");
}

}  // namespace

TEST_CASE("layer_norm: every instruction set and number of threads gives the reference's bits, also in place") {
    for (const std::int64_t cols : {1, 2, 15, 16, 17, 63, 64, 65, 129, 4095, 4097, 16385}) {
        const std::int64_t samples = cols < 200 ? 600 : 3;
        for (const Case& c : {Case{samples, 1, 1, cols}, Case{2, 5, 1, cols, false}, Case{1, 3, 2, cols, true, false}}) {
            const bool edgy = c.samples == 2;
            Input in(c, edgy);
            if (c.samples == 3) in.x[1] = not_a_number;
            const Result want = run(reference(), c, in);
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", " << c.samples << " x " << c.p << " x " << c.q << " x " << cols);
                require_same(run(table, c, in), want);
            });
        }
    }
}

TEST_CASE("layer_norm: a row's sums are lane sums, those of gamma and beta run over the rows") {
    const float big = 1e8F;  // its unit in the last place is 8
    const auto mean_of = [&](const Table& table, std::initializer_list<std::pair<std::size_t, float>> terms) {
        Case c{1, 1, 1, 200};
        Input in(c, false);
        in.x.assign(200, 0.0F);
        for (const auto& [index, term] : terms) in.x[index] = term;
        return run(table, c, in).mean[0] * 200;
    };
    const auto dbeta_of = [&](const Table& table, std::initializer_list<std::pair<std::size_t, float>> terms) {
        Case c{1024, 1, 1, 1};
        Input in(c, false);
        in.dy.assign(1024, 0.0F);
        for (const auto& [index, term] : terms) in.dy[index] = term;
        return run(table, c, in).dbeta[0];
    };
    const auto check = [&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(mean_of(table, {{0, big}, {64, 1.0F}, {128, -big}}) == 0.0F);  // one lane
        CHECK(mean_of(table, {{0, big}, {1, 1.0F}, {64, -big}}) > 0.9F);     // another one
        CHECK(dbeta_of(table, {{0, big}, {64, 1.0F}, {128, -big}}) == 0.0F);
        CHECK(dbeta_of(table, {{0, big}, {1, 1.0F}, {64, -big}}) == 0.0F);  // one chunk
        CHECK(dbeta_of(table, {{0, big}, {1, -big}, {512, 1.0F}}) == 1.0F);
    };
    check(reference(), "reference");
    for_every_table(check);
}

TEST_CASE("layer_norm: without gamma and beta they are 1 and +0") {
    const Case with{7, 2, 2, 20};
    const Case without{7, 2, 2, 20, false, false};
    Input in(with, true);
    in.gamma.assign(20, 1.0F);
    in.beta.assign(20, 0.0F);
    require_same(run(reference(), without, in), run(reference(), with, in));
}

TEST_CASE("layer_norm: an ordinary row") {
    const Case c{1, 1, 1, 4};
    Input in(c, false);
    in.x = {1.0F, 3.0F, 1.0F, 3.0F};
    in.gamma = {2.0F, 2.0F, -1.0F, 0.0F};
    in.beta = {0.5F, 0.0F, 0.0F, 7.0F};
    const float inv = 1.0F / std::sqrt(1.0F + 1e-3F);
    CHECK(first_difference(run(reference(), c, in).y, Floats{std::fma(-1.0F, 2.0F * inv, 0.5F), 2.0F * inv, inv, 7.0F}) == "");
}
