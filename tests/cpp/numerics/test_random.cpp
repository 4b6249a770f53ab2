// Random numbers: Philox against the known answers of Random123 (kat_vectors), the helpers against section 7 of the law.
#include "samebits/numerics/random.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "support/catch.h"

using namespace samebits::numerics;

namespace {

std::vector<std::uint32_t> words(const Block& b) { return {b.word[0], b.word[1], b.word[2], b.word[3]}; }

}  // namespace

TEST_CASE("philox4x32-10 gives the known answers") {
    using Words = std::vector<std::uint32_t>;
    CHECK(words(philox(0, 0, 0, 0, 0)) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    CHECK(words(philox(~std::uint64_t{0}, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)) ==
          Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(words(philox(0x299f31d0a4093822, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344)) ==
          Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("an element's bits are word element mod 4 of block element / 4") {
    for (std::uint64_t element : {0, 1, 2, 3, 4, 7, 1021}) {
        const Block b = philox(7, static_cast<std::uint32_t>(element / 4), 11, 12, 13);
        CHECK(random_bits(7, element, 11, 12, 13) == b.word[element % 4]);
    }
}

TEST_CASE("bits to numbers") {
    CHECK(unit(0) == 0.0F);
    CHECK(unit(0xff) == 0.0F);  // the low byte is not used
    CHECK(unit(0x100) == 0x1p-24F);
    CHECK(unit(0xffffffff) == 1.0F - 0x1p-24F);
    CHECK(uniform(0, 0.3F) == -0.3F);
    CHECK(uniform(0x80000000, 0.3F) == 0.0F);
    CHECK(uniform(0xffffffff, 0.3F) == (1.0F - 0x1p-23F) * 0.3F);
}

TEST_CASE("dropout's threshold is round(rate * 2^32), its scale 1 / (1 - rate)") {
    CHECK(dropout_threshold(0.0F) == 0);
    CHECK(dropout_threshold(0.5F) == 0x80000000);
    CHECK(dropout_threshold(0.1F) == 429496736);  // 0.1F = 13421773 * 2^-27
    CHECK(dropout_threshold(std::nextafter(1.0F, 0.0F)) == 0xffffff00);
    CHECK(dropout_threshold(0x1p-33F) == 1);  // a half goes up
    CHECK(dropout_threshold(std::nextafter(0x1p-33F, 0.0F)) == 0);
    CHECK(dropout_scale(0.0F) == 1.0F);
    CHECK(dropout_scale(0.5F) == 2.0F);
    CHECK(dropout_scale(0.1F) == 1.1111112F);
}

TEST_CASE("a shuffle key is the first two words of the index's block") {
    const Block b = philox(42, 0, 5, 3, 0xabcd);
    CHECK(shuffle_key(42, 0xabcd, 5, 3) == (b.word[0] + (std::uint64_t{b.word[1]} << 32)));
}

// Pinned: computed in Python from the law's formulas, mpmath rounding log and cospi once.
TEST_CASE("normal numbers") {
    const std::uint32_t want[] = {0x3cf79233, 0xbe3b3915, 0xbdcd2e84, 0xbe75341f, 0xbf4e2872, 0x3f379a83};
    for (std::uint32_t element = 0; element < 6; ++element) {
        CHECK(std::bit_cast<std::uint32_t>(normal(42, element, 0, 0x1cb1fb20)) == want[element]);
        CHECK(std::bit_cast<std::uint32_t>(truncated_normal(42, element, 0x1cb1fb20)) == want[element]);
    }
}

TEST_CASE("a truncated normal takes the first attempt within two deviations") {
    CHECK(std::abs(normal(42, 164, 0, 0x1cb1fb20)) > 2.0F);
    CHECK(std::bit_cast<std::uint32_t>(truncated_normal(42, 164, 0x1cb1fb20)) == 0x3efe4c6c);  // attempt 3
    CHECK(truncated_normal(42, 164, 0x1cb1fb20) == normal(42, 164, 3, 0x1cb1fb20));
}

TEST_CASE("normal numbers are standard normal") {
    const int count = 200000;
    double sum = 0, squares = 0, within_one = 0;
    for (std::uint32_t element = 0; element < count; ++element) {
        const double z = normal(1, element, 0, 5);
        sum += z;
        squares += z * z;
        within_one += std::abs(z) <= 1 ? 1 : 0;
    }
    // Five standard errors.
    CHECK(std::abs(sum / count) < 5 / std::sqrt(count));
    CHECK(std::abs(squares / count - 1) < 5 * std::sqrt(2.0 / count));
    CHECK(std::abs(within_one / count - 0.682689) < 5 * std::sqrt(0.2166 / count));
}
