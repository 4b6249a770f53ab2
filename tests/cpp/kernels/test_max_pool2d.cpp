#include "support/guarded.h"
#include "support/kernels.h"
#include "support/pool.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

// Few values, so that ties, also of zeros with different signs, are common.
Floats with_ties(std::int64_t count, std::uint64_t seed) {
    static constexpr float values[] = {0.0F, -0.0F, 1.5F, -2.0F, 0x1p-149F, -0x1p-149F, 3.0F, -1.0F};
    Numbers numbers(seed);
    Floats x(static_cast<std::size_t>(count));
    for (float& v : x) v = values[static_cast<int>(numbers.between(0.0F, 8.0F))];
    return x;
}

using Cells = std::vector<std::uint16_t>;

struct Result {
    Floats y, dx;
    Cells winner;
};

Result run(const Table& table, const Pool2D& v, const Floats& x, const Floats& dy) {
    Guarded<float> y(y_size(v));
    Guarded<float> y_alone(y_size(v));
    Guarded<std::uint16_t> winner(y_size(v));
    Guarded<float> dx(x_size(v));
    table.max_pool2d_forward(v, x.data(), y.data(), winner.data());
    table.max_pool2d_forward(v, x.data(), y_alone.data(), nullptr);
    table.max_pool2d_gradient(v, dy.data(), winner.data(), dx.data());
    CHECK((y.intact() && y_alone.intact() && winner.intact() && dx.intact()));
    CHECK(first_difference(y_alone.values(), y.values()) == "");
    return {{y.values().begin(), y.values().end()},
            {dx.values().begin(), dx.values().end()},
            {winner.values().begin(), winner.values().end()}};
}

void check_against_reference(const Pool2D& v) {
    const Floats dy = Numbers(5).vector(y_size(v), -1.0F, 1.0F);
    for (const Floats& x : {with_ties(x_size(v), 1), Numbers(2).edgy_vector(x_size(v))}) {
        const Result want = run(reference(), v, x, dy);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(text(v) << name);
            const Result got = run(table, v, x, dy);
            CHECK(first_difference(got.y, want.y) == "");
            CHECK(got.winner == want.winner);
            CHECK(first_difference(got.dx, want.dx) == "");
        });
    }
}

// The input's index of cell `winner` of output i.
std::int64_t cell_of(const Pool2D& v, std::int64_t i, std::int64_t winner) {
    const std::int64_t c = i % v.c;
    const std::int64_t q = i / v.c % v.q;
    const std::int64_t p = i / v.c / v.q % v.p;
    const std::int64_t n = i / v.c / v.q / v.p;
    const std::int64_t h = p * v.stride_h - v.pad_top + winner / v.s;
    const std::int64_t w = q * v.stride_w - v.pad_left + winner % v.s;
    if (h < 0 || h >= v.h || w < 0 || w >= v.w) return -1;
    return ((n * v.h + h) * v.w + w) * v.c + c;
}

}  // namespace

TEST_CASE("max pooling takes the first of the largest; the gradient goes where the value came from") {
    for (const Pool2D& v : pool_shapes()) {
        INFO(text(v));
        const Floats x = with_ties(x_size(v), 7);
        const Floats dy = Numbers(8).vector(y_size(v), -1.0F, 1.0F);
        const Result got = run(reference(), v, x, dy);
        Floats dx(x.size(), 0.0F);
        bool right = true;
        for (std::int64_t i = 0; i < y_size(v); ++i) {
            const float best = got.y[static_cast<std::size_t>(i)];
            const std::int64_t winner = got.winner[static_cast<std::size_t>(i)];
            for (std::int64_t cell = 0; cell < v.r * v.s; ++cell) {
                const std::int64_t at = cell_of(v, i, cell);
                if (at < 0) continue;
                const float value = x[static_cast<std::size_t>(at)];
                if (cell < winner) right &= value < best;
                if (cell == winner) right &= std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(best);
                if (cell > winner) right &= value <= best;
            }
            dx[static_cast<std::size_t>(cell_of(v, i, winner))] += dy[static_cast<std::size_t>(i)];
        }
        CHECK(right);
        CHECK(first_difference(got.dx, dx) == "");  // at most 512 windows hold a cell: plain chains
    }
}

TEST_CASE("max pooling: a NaN in a window's first cell stays, one after it is passed by") {
    const Pool2D v = pool(1, 2, 4, 1, 2, 2, 2, 2);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const Floats x{nan, 1.0F, 2.0F, nan, 3.0F, 4.0F, nan, 1.0F};
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        const Result got = run(table, v, x, {1.0F, 1.0F});
        CHECK(std::isnan(got.y[0]));
        CHECK(got.y[1] == 2.0F);
        CHECK(got.winner == Cells{0, 0});
    });
}

TEST_CASE("max pooling: every instruction set and number of threads equals the reference") {
    for (const Pool2D& v : pool_shapes()) check_against_reference(v);
    for (const std::int64_t c : {1, 2, 8, 15, 16, 31, 48, 65})
        check_against_reference(pool(2, 9, 10, c, 3, 2, 2, 2, 1, 0, 1, 1));
    check_against_reference(pool(5, 26, 26, 32, 2, 2, 2, 2));
    check_against_reference(pool(1, 1, 66000, 1, 1, 65535, 1, 400));  // the largest cell number
}

TEST_CASE("max pooling: the windows that hold a cell, won or not, fall into chunks and segments") {
    constexpr std::int64_t windows = 4300;
    constexpr std::int64_t channels = 20;
    const Pool2D v = pool(1, 1, 1, channels, 1, windows, 1, 1, 0, windows - 1, 0, windows - 1);
    REQUIRE(v.q == windows);
    const Floats dy = Numbers(9).vector(y_size(v), -1.0F, 1.0F);
    Cells winner;
    Floats want;
    const auto won = [](std::int64_t q, std::int64_t c) { return q % (c + 2) != 0; };
    for (std::int64_t i = 0; i < y_size(v); ++i) {
        const std::int64_t q = i / channels;
        winner.push_back(static_cast<std::uint16_t>(won(q, i % channels) ? windows - 1 - q : windows));
    }
    for (std::int64_t c = 0; c < channels; ++c) {
        float sum = 0.0F;
        for (std::int64_t first = 0; first < windows; first += 4096) {
            float segment = 0.0F;
            for (std::int64_t chunk = first; chunk < std::min(first + 4096, windows); chunk += 512) {
                float chain = 0.0F;
                for (std::int64_t q = chunk; q < std::min(chunk + 512, windows); ++q)
                    if (won(q, c)) chain += dy[static_cast<std::size_t>(q * channels + c)];
                segment += chain;
            }
            sum += segment;
        }
        want.push_back(sum);
    }
    const auto gradient = [&](const Table& table) {
        Floats dx(want.size(), -7.0F);
        table.max_pool2d_gradient(v, dy.data(), winner.data(), dx.data());
        return dx;
    };
    CHECK(first_difference(gradient(reference()), want) == "");
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(first_difference(gradient(table), want) == "");
    });
}
