#include <cstdio>

#include "support/guarded.h"
#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;
using numerics::Chunking;

namespace {

constexpr GemmLayout layouts[] = {GemmLayout::nn, GemmLayout::nt, GemmLayout::tn};
constexpr Activation activations[] = {Activation::linear, Activation::relu, Activation::tanh, Activation::sigmoid};

struct Case {
    GemmLayout layout;
    std::int64_t m, n, k;
    Chunking chunking;
    Activation activation = Activation::linear;
    bool bias = true;
    std::int64_t gap = 0;  // elements between the end of a stored row and the next one
    bool rectified = false;
};

std::string text(const Case& c) {
    char line[160];
    std::snprintf(line, sizeof line, "%s, m %d, n %d, k %d in chunks of %d in %d, activation %d, bias %d, gap %d, rectified %d",
                  c.layout == GemmLayout::nn ? "nn" : (c.layout == GemmLayout::nt ? "nt" : "tn"), static_cast<int>(c.m),
                  static_cast<int>(c.n), static_cast<int>(c.k), static_cast<int>(c.chunking.chunk),
                  static_cast<int>(c.chunking.period), static_cast<int>(c.activation), static_cast<int>(c.bias),
                  static_cast<int>(c.gap), static_cast<int>(c.rectified));
    return line;
}

// Numbers over eight powers of two; one in eight a zero of either sign, a subnormal, or so small that products underflow.
Floats mixed(std::int64_t count, std::uint64_t seed) {
    static constexpr float small[] = {0.0F, -0.0F, 0x1p-149F, -0x1p-149F, 0x1.8p-130F, -0x1p-126F, 0x1p-75F, -0x1.8p-75F};
    Numbers numbers(seed);
    Floats x(static_cast<std::size_t>(count));
    for (float& v : x) {
        const int choice = static_cast<int>(numbers.between(0.0F, 64.0F));
        v = choice < 8 ? small[choice] : std::ldexp(numbers.between(-1.0F, 1.0F), choice % 8 - 4);
    }
    return x;
}

// A matrix as stored; what lies in the gaps is NaN.
struct Matrix {
    std::int64_t ld;
    Floats values;

    Matrix(std::int64_t rows, std::int64_t cols, std::int64_t gap, std::uint64_t seed)
        : ld(cols + gap), values(mixed(rows * ld, seed)) {
        for (std::int64_t r = 0; r < rows; ++r)
            for (std::int64_t c = cols; c < ld; ++c) values[static_cast<std::size_t>(r * ld + c)] = not_a_number;
    }
};

struct Data {
    Matrix a, b;
    Floats bias;
    Matrix relu;

    explicit Data(const Case& c)
        : a(c.layout == GemmLayout::tn ? c.k : c.m, c.layout == GemmLayout::tn ? c.m : c.k, c.gap, 1),
          b(c.layout == GemmLayout::nt ? c.n : c.k, c.layout == GemmLayout::nt ? c.k : c.n, c.gap, 2),
          bias(mixed(c.n, 3)),
          relu(c.m, c.n, c.gap, 4) {}

    float product_a(const Case& c, std::int64_t m, std::int64_t k) const {
        return a.values[static_cast<std::size_t>(c.layout == GemmLayout::tn ? k * a.ld + m : m * a.ld + k)];
    }
    float product_b(const Case& c, std::int64_t k, std::int64_t n) const {
        return b.values[static_cast<std::size_t>(c.layout == GemmLayout::nt ? n * b.ld + k : k * b.ld + n)];
    }
};

// C with its gaps, which must still hold the poison; nothing outside may change.
Floats run(const Table& table, const Case& c, const Data& data) {
    Guarded<float> out(c.m * (c.n + c.gap));
    const Gemm gemm{c.layout,
                    c.m,
                    c.n,
                    c.k,
                    data.a.values.data(),
                    data.a.ld,
                    data.b.values.data(),
                    data.b.ld,
                    out.data(),
                    c.n + c.gap,
                    c.chunking,
                    c.bias ? data.bias.data() : nullptr,
                    c.activation,
                    c.rectified ? data.relu.values.data() : nullptr};
    Guarded<std::byte> workspace(static_cast<std::int64_t>(table.gemm_workspace(gemm)));
    table.gemm(gemm, workspace.data());
    CHECK(out.intact());
    CHECK(workspace.intact());
    return {out.values().begin(), out.values().end()};
}

void check_against_reference(const Case& c) {
    const Data data(c);
    const Floats want = run(reference(), c, data);
    for_every_table([&](const Table& table, const std::string& name) {
        INFO(text(c) << ", " << name);
        CHECK(first_difference(run(table, c, data), want) == "");
    });
}

void check_over_terms(std::int64_t m, std::int64_t n, std::int64_t k) {
    int turn = static_cast<int>(m + 3 * n + 7 * k);
    for (const GemmLayout layout : layouts) {
        ++turn;
        check_against_reference(
            {layout, m, n, k, numerics::over_terms(k), activations[turn % 2], turn % 3 != 0, turn % 5 == 0 ? 3 : 0});
    }
}

// Section 2 once more, level by level. join(a, b, chain) adds one product to a chain.
template <class Join>
Floats by_levels(const Case& c, const Data& data, std::int64_t segment_chunks, Join join) {
    Floats out;
    for (std::int64_t m = 0; m < c.m; ++m)
        for (std::int64_t n = 0; n < c.n; ++n) {
            Floats level;
            for (std::int64_t k = 0; k < c.k; ++k) {
                if (k % c.chunking.period % c.chunking.chunk == 0) level.push_back(0.0F);
                level.back() = join(data.product_a(c, m, k), data.product_b(c, k, n), level.back());
            }
            Floats segments;
            for (std::size_t i = 0; i < level.size(); ++i)
                if (i % static_cast<std::size_t>(segment_chunks) == 0)
                    segments.push_back(level[i]);
                else
                    segments.back() += level[i];
            float sum = segments.empty() ? 0.0F : segments[0];
            for (std::size_t i = 1; i < segments.size(); ++i) sum += segments[i];
            if (c.bias) sum += data.bias[static_cast<std::size_t>(n)];
            out.push_back(sum + 0.0F);
        }
    return out;
}

float fused(float a, float b, float chain) { return std::fma(a, b, chain); }

std::int64_t differing(const Floats& x, const Floats& y) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < x.size(); ++i) count += first_difference({&x[i], 1}, {&y[i], 1}).empty() ? 0 : 1;
    return count;
}

}  // namespace

TEST_CASE("gemm reference: chunks are chains, segments are folds of 8 chunks, across periods") {
    for (const GemmLayout layout : layouts)
        for (const Chunking chunking : {numerics::over_terms(9000), numerics::over_pixels(60, 5, 30), Chunking{700, 512}})
            for (const std::int64_t k : {1, 300, 512, 513, 1025, 4097, 9000}) {
                const Case c{layout, 3, 5, k, chunking, Activation::linear, k % 2 == 0, 2};
                const Data data(c);
                const Floats want = by_levels(c, data, 8, fused);
                const Floats got = run(reference(), c, data);
                INFO(text(c));
                for (std::int64_t m = 0; m < c.m; ++m)
                    CHECK(first_difference({&got[static_cast<std::size_t>(m * 7)], 5},
                                           {&want[static_cast<std::size_t>(m * 5)], 5}) == "");
            }
}

TEST_CASE("gemm: the numbers of these tests separate the law from what resembles it") {
    const Case c{GemmLayout::nn, 10, 20, 8200, numerics::over_terms(8200)};
    const Data data(c);
    const Floats law = run(reference(), c, data);
    Case other = c;
    CHECK(differing(law, by_levels(c, data, 8, [](float a, float b, float chain) { return a * b + chain; })) > 100);
    CHECK(differing(law, by_levels(c, data, 1, fused)) > 20);        // no segments
    CHECK(differing(law, by_levels(c, data, 1 << 20, fused)) > 20);  // one segment
    other.chunking = {8200, 8200};
    CHECK(differing(law, by_levels(other, data, 8, fused)) > 100);  // one chain
    other.chunking = {8200, 256};
    CHECK(differing(law, by_levels(other, data, 8, fused)) > 100);  // other chunks
}

TEST_CASE("gemm: sizes around the tiles") {
    for (const std::int64_t m : {0, 1, 2, 7, 15, 16, 17, 31, 33, 64, 100})
        for (const std::int64_t n : {0, 1, 2, 7, 15, 16, 17, 31, 33, 64, 100}) check_over_terms(m, n, (m * n) % 40);
}

TEST_CASE("gemm: every height of a register tile and every tail of a vector") {
    for (std::int64_t i = 1; i <= 48; ++i) check_over_terms(i, 49 - i, 21);
}

TEST_CASE("gemm: terms around chunks and segments") {
    for (const std::int64_t k : {0, 1, 2, 511, 512, 513, 1024, 1025, 4096, 4097, 8200}) {
        check_over_terms(1, 100, k);
        check_over_terms(13, 33, k);
        check_over_terms(3, 7, k);
    }
}

TEST_CASE("gemm: a single row of one vector") {
    for (const std::int64_t k : {513, 1600, 2048, 2049, 4096, 4097, 8200}) {
        for (const std::int64_t n : {1, 10, 15, 16}) check_over_terms(1, n, k);
        for (const GemmLayout layout : layouts)
            for (const Activation activation : activations) {
                check_against_reference({layout, 1, 10, k, {k, 100}, activation, k % 2 == 0, 3});
                check_against_reference({layout, 1, 16, k, {700, 512}, activation, k % 2 != 0});
            }
        check_against_reference({GemmLayout::tn, 1, 13, k, numerics::over_terms(k), Activation::linear, false, 1, true});
    }
}

// Up to 16 terms, from 8 rows and 16 columns on, vectors of B may stay in registers.
TEST_CASE("gemm: few terms") {
    for (const std::int64_t k : {1, 2, 3, 4, 5, 9, 10, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129})
        for (const std::int64_t m : {7, 8, 11, 97})
            for (const std::int64_t n : {15, 16, 33, 129, 271}) {
                const bool rectified = (m + n + k) % 3 == 0;
                const Activation activation = rectified ? Activation::linear : activations[(m + n + k) % 4];
                for (const GemmLayout layout : {GemmLayout::nn, GemmLayout::nt})
                    check_against_reference(
                        {layout, m, n, k, numerics::over_terms(k), activation, k % 2 == 0, n % 4, rectified});
            }
    for (const GemmLayout layout : {GemmLayout::nn, GemmLayout::nt}) {
        check_against_reference({layout, 9121, 20, 10, numerics::over_terms(10)});  // a last block of a single row
        check_against_reference({layout, 32, 2163, 10, numerics::over_terms(10), Activation::linear, false, 0, true});
        check_against_reference({layout, 20, 40, 10, {10, 4}});
        check_against_reference({layout, 20, 40, 10, {5, 16}});
    }
}

// In layouts tn and nn these may be computed turned around, 128 or 32 rows of C at a time.
TEST_CASE("gemm: columns that fill their vectors badly") {
    for (const GemmLayout layout : {GemmLayout::tn, GemmLayout::nn})
        for (const std::int64_t n : {1, 3, 4, 7, 8, 10, 11, 14, 20, 33, 49})
            for (const std::int64_t m : {14, 31, 64, 131})
                for (const std::int64_t k : {17, 64, 513}) {
                    const bool rectified = (m + n + k) % 3 == 0;
                    const Activation activation = activations[(m + n) % 4];
                    check_against_reference({layout, m, n, k, numerics::over_terms(k),
                                             rectified ? Activation::linear : activation, k % 2 == 0, (m + n) % 3, rectified});
                }
    for (const GemmLayout layout : {GemmLayout::tn, GemmLayout::nn}) {
        check_against_reference({layout, 2163, 10, 32, numerics::over_terms(32), Activation::linear, false});
        check_against_reference({layout, 30, 10, 4200, numerics::over_terms(4200), Activation::linear, false});
        check_against_reference({layout, 150, 10, 4200, numerics::over_terms(4200), Activation::relu});
        check_against_reference({layout, 40, 20, 30 * 13 * 13, numerics::over_pixels(30, 13, 13), Activation::linear, false});
        check_against_reference({layout, 40, 10, 2600, {700, 512}, Activation::linear, false});
        check_against_reference({layout, 40, 10, 2600, {5000, 1500}, Activation::linear, false});
    }
}

TEST_CASE("gemm: many tasks") {
    check_over_terms(200, 150, 65);
    check_over_terms(1, 3000, 100);
    check_over_terms(1500, 2, 100);
}

// Where every instruction set writes panels of B first: m > 36, n * k > 2^19, or m > 6144; in layout nt m > 96. In layout tn
// those with low tiles do so from n * k > 2^16 on, and copy A too.
TEST_CASE("gemm: panels of B, by the tasks that read them and in the workspace, one segment and two") {
    check_against_reference({GemmLayout::nn, 37, 980, 540, numerics::over_terms(540), Activation::relu, true, 2});
    check_against_reference({GemmLayout::nn, 38, 130, 4200, numerics::over_terms(4200)});
    check_against_reference({GemmLayout::tn, 20, 30, 30 * 13 * 13, numerics::over_pixels(30, 13, 13)});
    check_against_reference({GemmLayout::tn, 37, 98, 9 * 600, numerics::over_pixels(9, 1, 600)});
    check_against_reference({GemmLayout::nt, 110, 70, 1030, numerics::over_terms(1030), Activation::tanh});
    check_against_reference({GemmLayout::nt, 97, 20, 4200, numerics::over_terms(4200), Activation::relu, true, 1});
    check_against_reference({GemmLayout::nt, 99, 35, 1300, {1300, 650}});
    check_against_reference({GemmLayout::nn, 6150, 20, 40, numerics::over_terms(40), Activation::relu, true, 2});
    check_against_reference({GemmLayout::nt, 300, 70, 1030, numerics::over_terms(1030), Activation::tanh});
    check_against_reference({GemmLayout::nt, 289, 20, 4200, numerics::over_terms(4200), Activation::relu, true, 1});
}

TEST_CASE("gemm: rows of A that share a set of the cache") {
    check_against_reference({GemmLayout::nn, 6150, 20, 40, numerics::over_terms(40), Activation::relu, true, 984});
    check_against_reference({GemmLayout::nt, 293, 12, 5120, numerics::over_terms(5120)});
    check_against_reference({GemmLayout::nt, 300, 40, 1024, numerics::over_terms(1024)});
    check_against_reference({GemmLayout::nt, 290, 20, 1023, numerics::over_terms(1023), Activation::linear, false, 1});
    // More columns than one copy serves.
    check_against_reference({GemmLayout::nn, 293, 1100, 520, numerics::over_terms(520), Activation::relu, true, 504});
    check_against_reference({GemmLayout::tn, 80, 1100, 130, numerics::over_terms(130), Activation::tanh, true, 3});
}

// Rows of 16 MiB and more, each at a multiple of 64 bytes: they are stored past the cache.
TEST_CASE("gemm: results that no cache holds") {
    check_against_reference({GemmLayout::nn, 58300, 72, 3, numerics::over_terms(3), Activation::relu, true, 8});
    check_against_reference({GemmLayout::nt, 262200, 16, 2, numerics::over_terms(2)});
    check_against_reference({GemmLayout::nn, 58300, 72, 17, numerics::over_terms(17), Activation::relu, true, 8});
}

TEST_CASE("gemm: chunks over output pixels") {
    struct Pixels {
        std::int64_t samples, p, q;
    };
    for (const Pixels v : {Pixels{5, 13, 13}, {3, 40, 40}, {600, 1, 1}, {3, 1, 700}, {2, 2, 1300}, {40, 16, 16}})
        for (const GemmLayout layout : layouts)
            for (const std::int64_t m : {7, 30})
                check_against_reference({layout, m, 40 - m, v.samples * v.p * v.q, numerics::over_pixels(v.samples, v.p, v.q)});
}

TEST_CASE("gemm: short chunks and chunks longer than any block") {
    for (const Chunking chunking : {Chunking{7, 3}, {100, 100}, {700, 512}, {5000, 1500}, {1, 1}})
        for (const GemmLayout layout : layouts) check_against_reference({layout, 14, 35, 2600, chunking});
}

TEST_CASE("gemm: bias, activation and rows with gaps") {
    for (const GemmLayout layout : layouts)
        for (const Activation activation : activations)
            for (const bool bias : {false, true})
                for (const std::int64_t k : {0, 40, 1100})
                    check_against_reference({layout, 19, 37, k, numerics::over_terms(k), activation, bias, 5});
}

TEST_CASE("gemm: the gradient of a ReLU is +0 where its output is not above 0") {
    const Case small{GemmLayout::nt, 3, 5, 4, numerics::over_terms(4), Activation::linear, false, 2, true};
    const Data data(small);
    Case whole = small;
    whole.rectified = false;
    const Floats all = run(reference(), whole, data);
    const Floats some = run(reference(), small, data);
    int zeros = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % 7 >= 5) continue;
        const bool passes = data.relu.values[i] > 0;
        zeros += passes ? 0 : 1;
        CHECK(first_difference({&some[i], 1}, Floats{passes ? all[i] : 0.0F}) == "");
    }
    CHECK(zeros > 3);
    for (const GemmLayout layout : layouts)
        for (const std::int64_t n : {1, 10, 16, 31, 70, 300})
            for (const std::int64_t m : {1, 13, 100, 150})
                check_against_reference(
                    {layout, m, n, 40, numerics::over_terms(40), Activation::linear, n % 2 == 0, n % 3, true});
    for (const GemmLayout layout : layouts)  // panels, several chunks and segments
        check_against_reference({layout, 150, 300, 9000, numerics::over_terms(9000), Activation::linear, false, 0, true});
}

TEST_CASE("gemm: a sum of zeros is +0, whatever their signs") {
    for (const GemmLayout layout : layouts)
        for (const std::int64_t k : {0, 3, 600}) {
            const Case c{layout, 9, 20, k, numerics::over_terms(k)};
            Data data(c);
            for (Floats* x : {&data.a.values, &data.bias}) x->assign(x->size(), -0.0F);
            for (float& x : data.b.values) x = std::fabs(x);
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(text(c) << ", " << name);
                CHECK(first_difference(run(table, c, data), Floats(180, 0.0F)) == "");
            });
        }
}

TEST_CASE("gemm: where the reference is not finite, every kernel is not finite") {
    const Case cases[] = {{GemmLayout::nn, 14, 40, 30, numerics::over_terms(30), Activation::relu},
                          {GemmLayout::nt, 14, 40, 30, numerics::over_terms(30), Activation::relu},
                          {GemmLayout::tn, 14, 40, 30, numerics::over_terms(30), Activation::relu},
                          {GemmLayout::nn, 30, 40, 10, numerics::over_terms(10), Activation::relu},
                          {GemmLayout::nt, 30, 40, 10, numerics::over_terms(10), Activation::linear, false, 0, true},
                          {GemmLayout::tn, 60, 10, 40, numerics::over_terms(40), Activation::relu},
                          {GemmLayout::nn, 60, 10, 40, numerics::over_terms(40), Activation::relu}};
    for (const Case& c : cases) {
        Data data(c);
        data.a.values[100] = not_a_number;
        data.b.values[200] = not_a_number;
        const Floats want = run(reference(), c, data);
        CHECK(std::any_of(want.begin(), want.end(), [](float x) { return std::isnan(x); }));
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(text(c) << ", " << name);
            CHECK(first_difference_of_numbers(run(table, c, data), want) == "");
        });
    }
}

TEST_CASE("gemm: the workspace does not fall when m or k grow") {
    for (const Isa isa : available_isas())
        for (const GemmLayout layout : layouts)
            for (const std::int64_t n : {1, 10, 64, 500}) {
                std::size_t before = 0;
                for (std::int64_t m = 0; m < 3000; m += 7) {
                    const Gemm gemm{layout, m, n, m, nullptr, 1, nullptr, 1, nullptr, n, numerics::over_terms(m)};
                    Gemm wider = gemm;
                    wider.k = 5000;
                    wider.chunking = numerics::over_terms(5000);
                    CHECK(table(isa).gemm_workspace(gemm) >= before);
                    CHECK(table(isa).gemm_workspace(wider) >= table(isa).gemm_workspace(gemm));
                    before = table(isa).gemm_workspace(gemm);
                }
                // One of them alone, where few terms, few rows and panels begin and end.
                const auto of = [&](std::int64_t m, std::int64_t k) {
                    return table(isa).gemm_workspace(
                        {layout, m, n, k, nullptr, 1, nullptr, 1, nullptr, n, numerics::over_terms(k)});
                };
                for (const std::int64_t fixed : {7, 9, 15, 16, 17, 100, 144, 145, 288, 289, 600}) {
                    std::int64_t falls = 0;
                    for (std::int64_t i = 1; i < 700 && falls == 0; ++i)
                        if (of(fixed, i + 1) < of(fixed, i) || of(i + 1, fixed) < of(i, fixed)) falls = i;
                    INFO(static_cast<int>(layout) << ", " << n << " columns, " << fixed);
                    CHECK(falls == 0);
                }
            }
}
