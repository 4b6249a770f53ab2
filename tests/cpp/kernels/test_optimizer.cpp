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
constexpr RmsProp rms_kinds[] = {{0.01F, 0.9F, 0.1F, 0.0F, 1e-7F}, {0.01F, 0.9F, 0.1F, 0.9F, 1e-7F}};
constexpr Penalty penalties[] = {
    {true, false, 0.01F, 0.0F}, {false, true, 0.0F, 0.003F}, {true, true, 0.1F, 0.7F}, {false, false, 0.0F, 0.0F}};

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

TEST_CASE("RMSprop is its formulas, each operation rounded") {
    for (const RmsProp& rms : rms_kinds) {
        State after(1000, 3);
        State want = after;
        reference().rms_prop(rms, after.count(), after.w.data(), after.g.data(), after.v.data(),
                             rms.momentum == 0 ? nullptr : after.m.data());
        for (std::size_t i = 0; i < want.w.size(); ++i) {
            volatile float old = rms.rho * want.v[i];
            volatile float square = want.g[i] * want.g[i];
            volatile float fresh = rms.c * square;
            want.v[i] = old + fresh;
            volatile float top = rms.learning_rate * want.g[i];
            volatile float shifted = want.v[i] + rms.epsilon;
            volatile float root = std::sqrt(shifted);
            volatile float step = top / root;
            if (rms.momentum != 0) {
                volatile float kept = rms.momentum * want.m[i];
                want.m[i] = kept + step;
                step = want.m[i];
            }
            want.w[i] = want.w[i] - step;
        }
        CHECK(difference(after, want) == "");
    }
}

TEST_CASE("decay, scaling, clipping and penalties in numbers") {
    Floats w{2.0F, -0.0F, -4.0F};
    reference().weight_decay(0.5F, 0.25F, 3, w.data());
    CHECK(first_difference(w, Floats{1.75F, 0.0F, -3.5F}) == "");

    const Floats g{3.0F, -0.0F, -3.0F, 0.5F, -infinity, not_a_number};
    Floats y(6);
    reference().clip_gradient(1.0F, 6, g.data(), y.data());
    CHECK(first_difference_of_numbers(y, Floats{1.0F, -0.0F, -1.0F, 0.5F, -1.0F, not_a_number}) == "");
    reference().scale_gradient(0.5F, 3, g.data(), y.data());
    CHECK(first_difference({y.data(), 3}, Floats{1.5F, -0.0F, -1.5F}) == "");

    // The sign of either zero is +0: it makes -0 into +0, but only where there is an L1 part.
    const Floats v{2.0F, -2.0F, 0.0F, -0.0F};
    const Floats zero(4, -0.0F);
    reference().penalty_gradient({true, false, 0.25F, 0.0F}, 4, v.data(), zero.data(), y.data());
    CHECK(first_difference({y.data(), 4}, Floats{0.25F, -0.25F, 0.0F, 0.0F}) == "");
    reference().penalty_gradient({false, true, 0.0F, 0.5F}, 4, v.data(), zero.data(), y.data());
    CHECK(first_difference({y.data(), 4}, Floats{1.0F, -1.0F, 0.0F, -0.0F}) == "");
    // The product is 1 + 2^-24 - 2^-47, which rounded by itself would be 1.
    const Floats near{1.0F + 0x1p-23F}, one{-1.0F};
    reference().penalty_gradient({false, true, 0.0F, 1.0F - 0x1p-24F}, 1, near.data(), one.data(), y.data());
    CHECK(y[0] == 0x1p-24F - 0x1p-47F);
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

// Updates by `run`, with one number spoilt.
template <class Run>
void check_finite(std::int64_t count, Floats State::*array, Run run) {
    State state(count, 5);
    for (Floats* values : {&state.w, &state.g, &state.m, &state.v})
        for (float& x : *values) x = std::fabs(x) < 100 ? x : 0.5F;
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name << ", count " << count);
        State whole = state;
        CHECK(run(table, whole));
        for (const float bad : {infinity, -infinity, not_a_number})
            for (const std::int64_t place : {std::int64_t{0}, count / 2, count - 1}) {
                State spoilt = state;
                (spoilt.*array)[static_cast<std::size_t>(place)] = bad;
                CHECK_FALSE(run(table, spoilt));
            }
    });
}

TEST_CASE("an update says whether all that it has written is finite") {
    for (const std::int64_t count : {1, 15, 16, 17, 40, 20000}) {
        const auto adam_of = [=](const Table& table, State& s) {
            return table.adam(adam, count, s.w.data(), s.g.data(), s.m.data(), s.v.data());
        };
        for (Floats State::*array : {&State::w, &State::g, &State::m, &State::v}) check_finite(count, array, adam_of);
        for (const Sgd& sgd : sgd_kinds) {
            const bool slot = sgd.momentum != 0;
            const auto sgd_of = [=](const Table& table, State& s) {
                return table.sgd(sgd, count, s.w.data(), s.g.data(), slot ? s.m.data() : nullptr);
            };
            check_finite(count, &State::w, sgd_of);
            if (sgd.learning_rate != 0) check_finite(count, &State::g, sgd_of);
            if (slot) check_finite(count, &State::m, sgd_of);
        }
        for (const RmsProp& rms : rms_kinds) {
            const bool slot = rms.momentum != 0;
            const auto rms_of = [=](const Table& table, State& s) {
                return table.rms_prop(rms, count, s.w.data(), s.g.data(), s.v.data(), slot ? s.m.data() : nullptr);
            };
            check_finite(count, &State::w, rms_of);
            check_finite(count, &State::v, rms_of);
            if (slot) check_finite(count, &State::m, rms_of);
        }
    }
}

TEST_CASE("every instruction set and number of threads runs RMSprop, decay, clipping and penalties as the reference does") {
    for (const std::int64_t count : edge_sizes()) {
        const State before(count, static_cast<std::uint64_t>(count) + 1);
        // Everything that can be done to a state, one after the other.
        const auto all = [&](const Table& table, State& s) {
            for (const Penalty& p : penalties) table.penalty_gradient(p, count, s.w.data(), s.g.data(), s.g.data());
            table.penalty_gradient(penalties[2], count, s.w.data(), s.g.data(), s.m.data());
            table.clip_gradient(0.75F, count, s.g.data(), s.g.data());
            table.scale_gradient(0.3F, count, s.g.data(), s.g.data());
            table.weight_decay(0.004F, 0.1F, count, s.w.data());
            for (const RmsProp& rms : rms_kinds)
                table.rms_prop(rms, count, s.w.data(), s.g.data(), s.v.data(), rms.momentum == 0 ? nullptr : s.m.data());
        };
        State want = before;
        all(reference(), want);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(name << ", count " << count);
            State got = before;
            all(table, got);
            CHECK(difference(got, want) == "");
            CHECK(first_difference_of_numbers(got.g, want.g) == "");
        });
    }
}
