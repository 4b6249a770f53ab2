#include <cstdio>

#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;
using numerics::Chunking;

namespace {

Floats column_sum(const Table& table, std::int64_t rows, std::int64_t cols, const Chunking& chunking, const Floats& x) {
    Guarded<float> y(cols);
    table.column_sum(rows, cols, chunking, x.data(), y.data());
    CHECK(y.intact());
    return {y.values().begin(), y.values().end()};
}

void check_columns(std::int64_t rows, std::int64_t cols, const Chunking& chunking) {
    Numbers numbers(static_cast<std::uint64_t>(rows + cols));
    // The edges of the format swamp the rest, so they say nothing about the order of a long sum: that is the second's part.
    for (const Floats& x : {numbers.edgy_vector(rows * cols), numbers.vector(rows * cols, -1.0F, 1.5F)}) {
        const Floats want = column_sum(reference(), rows, cols, chunking, x);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(rows << " rows, " << cols << " columns, chunks of " << chunking.chunk << " in " << chunking.period << ", "
                      << name);
            CHECK(first_difference_of_numbers(column_sum(table, rows, cols, chunking, x), want) == "");
        });
    }
}

// Sums of `x` as a fold of folds of chains of the given lengths.
float by_levels(const Floats& x, std::size_t chunk, std::size_t segment) {
    Floats level;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (i % chunk == 0) level.push_back(0.0F);
        level.back() += x[i];
    }
    Floats segments;
    for (std::size_t i = 0; i < level.size(); ++i)
        if (i % segment == 0)
            segments.push_back(level[i]);
        else
            segments.back() += level[i];
    float sum = segments.empty() ? 0.0F : segments[0];
    for (std::size_t i = 1; i < segments.size(); ++i) sum += segments[i];
    return sum + 0.0F;
}

bool same(float x, float y) { return first_difference({&x, 1}, {&y, 1}).empty(); }

}  // namespace

TEST_CASE("column_sum reference: one column is a fold of segments of chunks; other orders give other bits") {
    int no_segments = 0;
    int one_chain = 0;
    int other_chunks = 0;
    for (const std::int64_t rows : {0, 1, 511, 512, 513, 1537, 4096, 4097, 5000, 12289, 20000, 30000, 50000, 70000}) {
        const Floats x = Numbers(static_cast<std::uint64_t>(rows)).vector(rows, -1.0F, 1.5F);
        const float got = column_sum(reference(), rows, 1, numerics::over_terms(rows), x)[0];
        INFO(rows << " rows");
        CHECK(same(got, by_levels(x, 512, 8)));
        no_segments += same(got, by_levels(x, 512, 1)) ? 0 : 1;
        one_chain += same(got, by_levels(x, 1 << 20, 8)) ? 0 : 1;
        other_chunks += same(got, by_levels(x, 256, 8)) ? 0 : 1;
    }
    CHECK(no_segments >= 2);
    CHECK(one_chain >= 4);
    CHECK(other_chunks >= 4);
}

TEST_CASE("column_sum: columns around the vectors and the tasks") {
    for (const std::int64_t cols : {0, 1, 2, 15, 16, 17, 31, 33, 63, 64, 65, 100, 200})
        for (const std::int64_t rows : {0, 1, 2, 33, 600}) check_columns(rows, cols, numerics::over_terms(rows));
    check_columns(2000, 1000, numerics::over_terms(2000));
}

TEST_CASE("column_sum: rows around chunks and segments") {
    for (const std::int64_t rows : {511, 512, 513, 4096, 4097, 8200, 40000})
        for (const std::int64_t cols : {1, 10, 37}) check_columns(rows, cols, numerics::over_terms(rows));
}

TEST_CASE("column_sum: chunks over output pixels") {
    struct Pixels {
        std::int64_t samples, p, q;
    };
    for (const Pixels v : {Pixels{5, 13, 13}, {7, 40, 40}, {600, 1, 1}, {9, 1, 700}, {2, 2, 1300}, {40, 16, 16}})
        for (const std::int64_t cols : {3, 32, 50})
            check_columns(v.samples * v.p * v.q, cols, numerics::over_pixels(v.samples, v.p, v.q));
}

TEST_CASE("lane_sum: counts around lanes, blocks and tasks") {
    auto counts = edge_sizes();
    counts.insert(counts.end(), {65536, 65537, 300001, 4194304, 4194305, 5000000});
    for (const std::int64_t count : counts) {
        const Floats x = Numbers(static_cast<std::uint64_t>(count)).vector(count, -1.0F, 1.5F);
        const float want = reference().lane_sum(count, x.data());
        const float sizes = reference().abs_sum(count, x.data());
        const float squares = reference().square_sum(count, x.data());
        Floats absolute = x;
        for (float& value : absolute) value = std::fabs(value);
        CHECK(same(sizes, reference().lane_sum(count, absolute.data())));
        INFO(count << " elements");
        if (count > 1000) CHECK_FALSE(same(want, by_levels(x, 1 << 30, 1)));
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(name);
            CHECK(same(table.lane_sum(count, x.data()), want));
            CHECK(same(table.abs_sum(count, x.data()), sizes));
            CHECK(same(table.square_sum(count, x.data()), squares));
        });
    }
}

TEST_CASE("sums of zeros are +0, whatever their signs; subnormals are kept") {
    const Floats zeros(5000, -0.0F);
    const Floats tiny(5000, 0x1p-149F);
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(name);
        CHECK(same(table.lane_sum(5000, zeros.data()), 0.0F));
        CHECK(same(table.lane_sum(5000, tiny.data()), 5000 * 0x1p-149F));
        CHECK(first_difference(column_sum(table, 1000, 5, numerics::over_terms(1000), zeros), Floats(5, 0.0F)) == "");
        CHECK(first_difference(column_sum(table, 1000, 5, numerics::over_terms(1000), tiny), Floats(5, 1000 * 0x1p-149F)) ==
              "");
    });
}

TEST_CASE("add: elementwise, also in place") {
    for (const std::int64_t count : edge_sizes()) {
        const Floats a = Numbers(1).edgy_vector(count);
        const Floats b = Numbers(2).edgy_vector(count);
        Floats want(a.size());
        reference().add(count, a.data(), b.data(), want.data());
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(count << " elements, " << name);
            Guarded<float> y(count);
            table.add(count, a.data(), b.data(), y.data());
            CHECK(y.intact());
            CHECK(first_difference(y.values(), want) == "");
            Floats left = a;
            table.add(count, left.data(), b.data(), left.data());
            CHECK(first_difference(left, want) == "");
            Floats right = b;
            table.add(count, a.data(), right.data(), right.data());
            CHECK(first_difference(right, want) == "");
        });
    }
}

TEST_CASE("add_rectified: the sum where z is above 0, +0 elsewhere, also in place") {
    for (const std::int64_t count : edge_sizes()) {
        const Floats a = Numbers(1).edgy_vector(count);
        const Floats b = Numbers(2).edgy_vector(count);
        const Floats z = Numbers(3).edgy_vector(count);
        Floats want(a.size());
        reference().add(count, a.data(), b.data(), want.data());
        reference().activation_gradient(Activation::relu, count, z.data(), want.data(), want.data());
        for_reference_and_every_table([&](const Table& table, const std::string& name) {
            INFO(count << " elements, " << name);
            Guarded<float> y(count);
            table.add_rectified(count, z.data(), a.data(), b.data(), y.data());
            CHECK(y.intact());
            CHECK(first_difference(y.values(), want) == "");
            for (int operand = 0; operand < 3; ++operand) {
                Floats x[] = {z, a, b};
                table.add_rectified(count, x[0].data(), x[1].data(), x[2].data(), x[operand].data());
                CHECK(first_difference(x[operand], want) == "");
            }
        });
    }
}

TEST_CASE("first_non_finite: the first of several, wherever it lies") {
    auto counts = edge_sizes();
    counts.push_back(1100000);  // more than one round of tasks
    for (const std::int64_t count : counts) {
        Floats x = Numbers(3).edgy_vector(count);
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(count << " elements, " << name);
            CHECK(table.first_non_finite(count, x.data()) == -1);
            for (std::int64_t at = count - 1; at >= 0; at = at * 2 / 3 - 1) {
                const auto first = static_cast<std::size_t>(at);
                const Floats kept = {x[first], x.back()};
                x.back() = infinity;
                x[first] = at % 2 == 0 ? not_a_number : -infinity;
                CHECK(table.first_non_finite(count, x.data()) == at);
                x.back() = kept[1];
                x[first] = kept[0];
            }
        });
        CHECK(reference().first_non_finite(count, x.data()) == -1);
    }
}
