// Random numbers: Philox against the known answers of Random123 (kat_vectors), the helpers against section 7 of the law.
#include "samebits/numerics/random.h"

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
