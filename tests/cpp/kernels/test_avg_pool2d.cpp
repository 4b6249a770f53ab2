#include "support/guarded.h"
#include "support/kernels.h"
#include "support/pool.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

struct Result {
    Floats y, dx;
};

Result run(const Table& table, const Pool2D& v, const Floats& x, const Floats& dy) {
    Guarded<float> y(y_size(v));
    Guarded<float> dx(x_size(v));
    table.avg_pool2d_forward(v, x.data(), y.data());
    table.avg_pool2d_gradient(v, dy.data(), dx.data());
    CHECK((y.intact() && dx.intact()));
    return {{y.values().begin(), y.values().end()}, {dx.values().begin(), dx.values().end()}};
}

void check_against_reference(const Pool2D& v) {
    for (const bool edgy : {false, true}) {
        const auto numbers = [&](std::uint64_t seed, std::int64_t count) {
            return edgy ? Numbers(seed).edgy_vector(count) : Numbers(seed).vector(count, -1.0F, 1.0F);
        };
        const Floats x = numbers(1, x_size(v));
        const Floats dy = numbers(2, y_size(v));
        const Result want = run(reference(), v, x, dy);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(text(v) << name);
            const Result got = run(table, v, x, dy);
            CHECK(first_difference_of_numbers(got.y, want.y) == "");
            CHECK(first_difference_of_numbers(got.dx, want.dx) == "");
        });
    }
}

// The cells of window (p, q) inside the input, ascending, as (row, column).
std::vector<std::pair<std::int64_t, std::int64_t>> cells(const Pool2D& v, std::int64_t p, std::int64_t q) {
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (std::int64_t h = 0; h < v.h; ++h)
        for (std::int64_t w = 0; w < v.w; ++w) {
            const std::int64_t r = h - (p * v.stride_h - v.pad_top);
            const std::int64_t s = w - (q * v.stride_w - v.pad_left);
            if (r >= 0 && r < v.r && s >= 0 && s < v.s) found.emplace_back(h, w);
        }
    return found;
}

}  // namespace

TEST_CASE("average pooling: plain chains, divided by the number of cells inside; the gradient gathers the quotients") {
    for (const Pool2D& v : pool_shapes()) {
        INFO(text(v));
        const Floats x = Numbers(3).vector(x_size(v), -1.0F, 1.0F);
        const Floats dy = Numbers(4).vector(y_size(v), -1.0F, 1.0F);
        Floats y;
        Floats dx(x.size(), 0.0F);
        for (std::int64_t i = 0; i < y_size(v); ++i) {  // in the order of y: (p, q) ascending for every cell
            const auto inside = cells(v, i / v.c / v.q % v.p, i / v.c % v.q);
            const auto count = static_cast<float>(inside.size());
            float sum = 0.0F;
            for (const auto& [h, w] : inside) {
                const auto at = static_cast<std::size_t>(((i / v.c / v.q / v.p * v.h + h) * v.w + w) * v.c + i % v.c);
                sum += x[at];
                dx[at] += dy[static_cast<std::size_t>(i)] / count;
            }
            y.push_back(sum / count);
        }
        const Result got = run(reference(), v, x, dy);
        CHECK(first_difference(got.y, y) == "");  // at most 512 cells and 512 windows
        CHECK(first_difference(got.dx, dx) == "");
    }
}

TEST_CASE("average pooling: every instruction set and number of threads equals the reference") {
    for (const Pool2D& v : pool_shapes()) check_against_reference(v);
    for (const std::int64_t c : {1, 2, 8, 15, 16, 31, 48, 65})
        check_against_reference(pool(2, 9, 10, c, 3, 2, 2, 2, 1, 0, 1, 1));
    check_against_reference(pool(5, 26, 26, 32, 2, 2, 2, 2));
}

TEST_CASE("average pooling: windows of several chunks and segments; cells in as many windows") {
    for (const std::int64_t width : {511, 512, 513, 4096, 4097, 4700}) {
        check_against_reference(pool(2, 1, width, 3, 1, width, 1, 1));
        check_against_reference(pool(1, 1, 1, 17, 1, width, 1, 1, 0, width - 1, 0, width - 1));
    }
    check_against_reference(pool(3, 40, 40, 5, 40, 40, 1, 1));
}

TEST_CASE("average pooling: a mean of zeros is +0") {
    const Pool2D v = pool(1, 4, 4, 20, 2, 2, 2, 2);
    const Floats zeros(static_cast<std::size_t>(x_size(v)), -0.0F);
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        const Result got = run(table, v, zeros, zeros);
        CHECK(first_difference(got.y, Floats(got.y.size(), 0.0F)) == "");
        CHECK(first_difference(got.dx, Floats(got.dx.size(), 0.0F)) == "");
    });
}
