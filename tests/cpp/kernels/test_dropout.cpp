#include <cmath>
#include <functional>
#include <numeric>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

Dropout make(std::int64_t samples, std::int64_t elements, double rate) {
    return {samples, elements, rate, 0x123456789abcdef0, 0xfeedbeef, 9, 5};
}

Floats run(const Table& table, const Dropout& dropout, const Floats& x) {
    Floats y(x.size(), -7.0F);
    table.dropout(dropout, x.data(), y.data());
    return y;
}

}  // namespace

TEST_CASE("dropout keeps what Philox says: values worked out apart from this library") {
    const std::string kept =
        "1111010111101100110101011110010110110001"
        "1001011110011100110011010011011011011101";
    const Floats y = run(reference(), make(2, 40, 0.3), Floats(80, 7.0F));
    std::string got;
    for (const float v : y) got += v == 0.0F ? '0' : '1';
    CHECK(got == kept);
    for (const float v : y) CHECK((std::bit_cast<std::uint32_t>(v) == 0 || v == 7.0F * static_cast<float>(1 / (1 - 0.3))));
}

TEST_CASE("dropout keeps 1 - rate of its elements") {
    for (const double rate : {0.1, 0.5, 0.9}) {
        const std::int64_t count = 200000;
        const Floats y = run(reference(), make(100, count / 100, rate), Floats(count, 1.0F));
        const auto kept = static_cast<double>(count - std::count(y.begin(), y.end(), 0.0F));
        const double deviation = std::sqrt(count * rate * (1 - rate));
        CHECK(std::fabs(kept - count * (1 - rate)) < 4 * deviation);
    }
}

TEST_CASE("a dropped element is +0 whatever it was, rate 0 changes nothing") {
    const Floats x{-1.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), -0.0F};
    CHECK(first_difference(run(reference(), make(1, 4, 1 - 0x1p-53), x), Floats(4, 0.0F)) == "");
    CHECK(first_difference(run(reference(), make(1, 4, 0.0), x), x) == "");
}

TEST_CASE("a sample's mask depends on its position in the logical batch, not on the physical batch") {
    const Dropout whole = make(12, 37, 0.4);
    const Floats x = Numbers(1).vector(12 * 37, 0.5F, 2.0F);
    const Floats want = run(reference(), whole, x);
    for_every_table([&](const Table& table, const std::string& name) {
        for (std::int64_t split = 1; split < 12; ++split) {
            INFO(name << ", split " << split);
            Dropout head = whole;
            Dropout tail = whole;
            head.samples = split;
            tail.samples = 12 - split;
            tail.first_sample += static_cast<std::uint32_t>(split);
            Floats y(x.size());
            table.dropout(head, x.data(), y.data());
            table.dropout(tail, x.data() + split * 37, y.data() + split * 37);
            CHECK(first_difference(y, want) == "");
        }
    });
}

TEST_CASE("seed, stream, step and position each give another mask") {
    const Floats x(4096, 1.0F);
    const Dropout base = make(1, 4096, 0.5);
    Dropout others[] = {base, base, base, base, base};
    others[0].seed ^= 1;
    others[1].seed ^= std::uint64_t{1} << 32;
    others[2].stream ^= 1;
    others[3].step ^= 1;
    others[4].first_sample ^= 1;
    const Floats y = run(reference(), base, x);
    for (const Dropout& other : others) {
        const Floats z = run(reference(), other, x);
        const auto equal = std::inner_product(y.begin(), y.end(), z.begin(), 0, std::plus<>(), std::equal_to<>());
        CHECK(std::abs(equal - 2048) < 4 * 32);  // independent masks agree in half, sigma = 32
    }
}

TEST_CASE("every instruction set and number of threads drops what the reference drops, also in place") {
    for (const std::int64_t elements : edge_sizes()) {
        const std::int64_t samples = elements < 200 ? 131 : 3;
        const Floats x = Numbers(static_cast<std::uint64_t>(elements)).edgy_vector(samples * elements);
        for (const double rate : {0.0, 0x1p-33, 0.3, 0.999}) {
            const Dropout dropout = make(samples, elements, rate);
            const Floats want = run(reference(), dropout, x);
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", elements " << elements << ", rate " << rate);
                Floats y = x;
                table.dropout(dropout, y.data(), y.data());
                CHECK(first_difference(y, want) == "");
            });
        }
    }
}
