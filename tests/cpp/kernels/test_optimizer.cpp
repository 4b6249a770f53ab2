#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

// Weights, gradient and two slots, as a training would hold them; the second moment is not negative.
struct State {
    Floats w, g, m, v;

    State(std::int64_t count, std::uint64_t seed) {
        Numbers numbers(seed);
        w = numbers.edgy_vector(count);
        g = numbers.edgy_vector(count);
        m = numbers.edgy_vector(count);
        v = numbers.edgy_vector(count);
        for (float& x : v) x = std::fabs(x);
    }
    std::int64_t count() const { return static_cast<std::int64_t>(w.size()); }
};

std::string difference(const State& got, const State& want) {
    return first_difference_of_numbers(got.w, want.w) + first_difference_of_numbers(got.m, want.m) +
           first_difference_of_numbers(got.v, want.v);
}

constexpr Sgd sgd_kinds[] = {{0.1F, 0.0F, false}, {0.1F, 0.0F, true}, {0.1F, 0.9F, false}, {0.01F, 0.9F, true}};
constexpr Adam adam{0.00031F, 0.1F, 0.001F, 1e-7F};

}  // namespace

TEST_CASE("SGD is w - g*lr, m*mu - g*lr and the nesterov look-ahead, each operation rounded") {
    for (const Sgd& sgd : sgd_kinds) {
        const State before(1000, 1);
        State after = before;
        reference().sgd(sgd, after.count(), after.w.data(), after.g.data(), sgd.momentum == 0 ? nullptr : after.m.data());
        State want = before;
        for (std::size_t i = 0; i < want.w.size(); ++i) {
            volatile float step = want.g[i] * sgd.learning_rate;  // volatile: nothing can be fused
            if (sgd.momentum == 0) {
                want.w[i] = want.w[i] - step;
                continue;
            }
            volatile float decayed = want.m[i] * sgd.momentum;
            want.m[i] = decayed - step;
            volatile float ahead = want.m[i] * sgd.momentum;
            volatile float look = ahead - step;
            want.w[i] = want.w[i] + (sgd.nesterov ? look : want.m[i]);
        }
        CHECK(difference(after, want) == "");
    }
}

TEST_CASE("Adam is its three formulas, each operation rounded") {
    State after(1000, 2);
    State want = after;
    reference().adam(adam, after.count(), after.w.data(), after.g.data(), after.m.data(), after.v.data());
    for (std::size_t i = 0; i < want.w.size(); ++i) {
        volatile float gap = want.g[i] - want.m[i];
        volatile float move = gap * adam.c1;
        want.m[i] = want.m[i] + move;
        volatile float square = want.g[i] * want.g[i];
        volatile float square_gap = square - want.v[i];
        volatile float square_move = square_gap * adam.c2;
        want.v[i] = want.v[i] + square_move;
        volatile float top = want.m[i] * adam.alpha;
        volatile float root = std::sqrt(want.v[i]);
        volatile float bottom = root + adam.epsilon;
        volatile float step = top / bottom;
        want.w[i] = want.w[i] - step;
    }
    CHECK(difference(after, want) == "");
}

TEST_CASE("one step of Adam in numbers") {
    Floats w{1.0F}, g{0.5F}, m{0.0F}, v{0.0F};
    // t = 1: alpha = lr * sqrt(1 - 0.999) / (1 - 0.9); the step is lr * g / (|g| + epsilon') = lr to seven digits.
    const Adam first{static_cast<float>(0.001 * std::sqrt(1 - 0.999) / (1 - 0.9)), static_cast<float>(1 - 0.9),
                     static_cast<float>(1 - 0.999), 1e-7F};
    reference().adam(first, 1, w.data(), g.data(), m.data(), v.data());
    CHECK(m[0] == 0.05F);
    CHECK(v[0] == 0.00025F);
    CHECK(std::fabs(w[0] - 0.999F) < 1e-6F);
}

TEST_CASE("every instruction set and number of threads updates as the reference does") {
    for (const std::int64_t count : edge_sizes()) {
        const State before(count, static_cast<std::uint64_t>(count));
        std::vector<State> want(std::size(sgd_kinds) + 1, before);
        for (std::size_t k = 0; k < std::size(sgd_kinds); ++k) {
            float* const m = sgd_kinds[k].momentum == 0 ? nullptr : want[k].m.data();
            reference().sgd(sgd_kinds[k], count, want[k].w.data(), want[k].g.data(), m);
        }
        State& last = want.back();
        reference().adam(adam, count, last.w.data(), last.g.data(), last.m.data(), last.v.data());

        for_every_table([&](const Table& table, const std::string& name) {
            INFO(name << ", count " << count);
            for (std::size_t k = 0; k < std::size(sgd_kinds); ++k) {
                State got = before;
                float* const m = sgd_kinds[k].momentum == 0 ? nullptr : got.m.data();
                table.sgd(sgd_kinds[k], count, got.w.data(), got.g.data(), m);
                CHECK(difference(got, want[k]) == "");
            }
            State got = before;
            table.adam(adam, count, got.w.data(), got.g.data(), got.m.data(), got.v.data());
            CHECK(difference(got, last) == "");
        });
    }
}
