#include "samebits/data/digits/digits.h"

#include <array>
#include <cstring>

#include "samebits/base/hash.h"
#include "support/catch.h"

using namespace samebits;

namespace {

const std::uint8_t* bytes(const ArrayView& view) { return static_cast<const std::uint8_t*>(view.data); }

}  // namespace

TEST_CASE("the digits are those that data/digits/README.md names") {
    const Digits digits = load_digits();
    CHECK(digits.x_train.shape == Shape{1500, 8, 8});
    CHECK(digits.y_train.shape == Shape{1500});
    CHECK(digits.x_test.shape == Shape{297, 8, 8});
    CHECK(digits.y_test.shape == Shape{297});
    for (const ArrayView& view : {digits.x_train, digits.y_train, digits.x_test, digits.y_test})
        CHECK(view.dtype == DType::uint8);

    Sha256 sha;
    sha.update(digits.x_train.data, 1500 * 64);
    sha.update(digits.x_test.data, 297 * 64);
    sha.update(digits.y_train.data, 1500);
    sha.update(digits.y_test.data, 297);
    CHECK(hex(sha.finish()) == "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826");
}

TEST_CASE("the first digit is scikit-learn's, and the classes are there in the numbers it names") {
    const Digits digits = load_digits();
    const std::array<std::uint8_t, 16> first_rows = {0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0};
    CHECK(std::memcmp(digits.x_train.data, first_rows.data(), first_rows.size()) == 0);
    std::array<int, 10> counts{};
    for (int i = 0; i < 1500; ++i) ++counts.at(bytes(digits.y_train)[i]);
    for (int i = 0; i < 297; ++i) ++counts.at(bytes(digits.y_test)[i]);
    CHECK(counts == std::array<int, 10>{178, 182, 177, 183, 181, 182, 181, 179, 174, 180});
}
