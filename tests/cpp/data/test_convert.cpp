#include "samebits/data/convert.h"

#include <cfenv>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "samebits/base/error.h"
#include "support/catch.h"
#include "support/exact.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

using Floats = std::vector<float>;
using Rows = std::vector<std::int64_t>;

constexpr float inf = std::numeric_limits<float>::infinity();

Floats gathered(const ArrayView& array, const Rows& rows, float divide = 1) {
    Floats out(rows.size() * static_cast<std::size_t>(element_count(array.sample_shape())));
    gather_rows(array, rows, out.data(), divide);
    return out;
}

template <class T>
ArrayView vector_view(const std::vector<T>& values, DType dtype) {
    return {values.data(), dtype, {static_cast<std::int64_t>(values.size())}};
}

template <class T>
void check_type(DType dtype, const std::vector<T>& values, const Floats& want) {
    INFO(name_of(dtype));
    Rows rows;
    for (std::size_t i = 0; i < values.size(); ++i) rows.push_back(static_cast<std::int64_t>(i));
    CHECK(first_difference(gathered(vector_view(values, dtype), rows), want) == "");
    // The same bytes off by one, so that nothing is aligned, and two apart, so that nothing is contiguous.
    std::vector<std::byte> bytes(3 * values.size() * sizeof(T) + 1);
    for (std::size_t i = 0; i < values.size(); ++i) std::memcpy(&bytes[1 + 3 * i * sizeof(T)], &values[i], sizeof(T));
    const ArrayView apart(&bytes[1], dtype, {static_cast<std::int64_t>(values.size())}, {3 * std::int64_t{sizeof(T)}});
    CHECK(first_difference(gathered(apart, rows), want) == "");
}

}  // namespace

TEST_CASE("every type becomes the nearest float32") {
    check_type<float>(DType::float32, {1.5F, -0.0F, 1e-45F}, {1.5F, -0.0F, 1e-45F});
    check_type<double>(DType::float64, {1.5, -0.0, 1e-45, 0.1, 1 + 0x1p-24, 1 + 0x3p-24, 1e-50, 3.4028235e38},
                       {1.5F, -0.0F, 1e-45F, 0.1F, 1.0F, 1 + 0x1p-22F, 0.0F, 3.4028235e38F});
    check_type<std::int8_t>(DType::int8, {-128, -1, 0, 127}, {-128, -1, 0, 127});
    check_type<std::int16_t>(DType::int16, {-32768, -1, 32767}, {-32768, -1, 32767});
    check_type<std::int32_t>(DType::int32, {-2147483647 - 1, 16777217, 16777219}, {-0x1p31F, 16777216.0F, 16777220.0F});
    check_type<std::int64_t>(DType::int64, {std::numeric_limits<std::int64_t>::min(), 0x7fffffffffffffff, 0x4000004000000001},
                             {-0x1p63F, 0x1p63F, 0x1.000002p62F});
    check_type<std::uint8_t>(DType::uint8, {0, 1, 255}, {0, 1, 255});
    check_type<std::uint16_t>(DType::uint16, {0, 65535}, {0, 65535});
    check_type<std::uint32_t>(DType::uint32, {0, 4294967295, 16777217}, {0, 0x1p32F, 16777216.0F});
    check_type<std::uint64_t>(DType::uint64, {18446744073709551615U, 0x8000008000000001, 0x8000008000000000},
                              {0x1p64F, 0x1.000002p63F, 0x1p63F});
    check_type<std::uint8_t>(DType::boolean, {0, 1, 7}, {0, 1, 1});
}

TEST_CASE("dividing is a float32 division: of 256 bytes, 126 differ from a product with the reciprocal") {
    std::vector<std::uint8_t> bytes(256);
    Rows rows(256);
    Floats want(256);
    int products = 0;
    for (int i = 0; i < 256; ++i) {
        bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(i);
        rows[static_cast<std::size_t>(i)] = i;
        const auto value = static_cast<float>(i);
        want[static_cast<std::size_t>(i)] = static_cast<float>(static_cast<double>(value) / 255.0);  // rounds as one division
        products += value * (1.0F / 255.0F) != want[static_cast<std::size_t>(i)];
    }
    CHECK(products == 126);
    CHECK(first_difference(gathered(vector_view(bytes, DType::uint8), rows, 255), want) == "");
    const Floats floats = gathered(vector_view(bytes, DType::uint8), rows);
    CHECK(first_difference(gathered(std::span<const float>(floats), rows, 255), want) == "");
    // A double is rounded first, then divided.
    const std::vector<double> near_half = {1 + 0x1p-24 + 0x1p-40};
    CHECK(gathered(vector_view(near_half, DType::float64), {0}, 3)[0] == (1 + 0x1p-23F) / 3.0F);
}

TEST_CASE("the caller's rounding mode does not reach the values, and stays") {
    const std::vector<double> tenth = {0.1};
    const std::vector<std::int32_t> odd = {16777217};
    std::fesetround(FE_UPWARD);
    const Floats a = gathered(vector_view(tenth, DType::float64), {0}, 3);
    const Floats b = gathered(vector_view(odd, DType::int32), {0});
    const int mode = std::fegetround();
    std::fesetround(FE_TONEAREST);
    CHECK(mode == FE_UPWARD);
    CHECK(a[0] == 0.1F / 3.0F);
    CHECK(b[0] == 16777216.0F);
}

TEST_CASE("any strides: Fortran order, backwards, repeated, every other, records") {
    Floats values(24);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    constexpr std::int64_t f = sizeof(float);
    const Rows rows = {1, 0, 1};
    const auto at = [&](const Shape& strides, std::int64_t first, std::int64_t m, std::int64_t n) {
        Floats want;
        for (const std::int64_t row : rows)
            for (std::int64_t i = 0; i < m; ++i)
                for (std::int64_t j = 0; j < n; ++j) {
                    const std::int64_t place = first + (row * strides[0] + i * strides[1] + j * strides[2]) / f;
                    want.push_back(static_cast<float>(place));
                }
        return want;
    };
    const struct {
        std::int64_t first;
        Shape shape;
        Shape strides;
    } cases[] = {
        {0, {2, 3, 4}, {12 * f, 4 * f, f}},      // C order
        {0, {2, 3, 4}, {f, 2 * f, 6 * f}},       // Fortran order
        {23, {2, 3, 4}, {-12 * f, -4 * f, -f}},  // backwards
        {3, {2, 3, 4}, {12 * f, 4 * f, -f}},     // mirrored
        {5, {2, 3, 4}, {0, 0, 0}},               // one element, repeated
        {0, {2, 3, 2}, {12 * f, 4 * f, 2 * f}},  // every other
        {0, {2, 1, 4}, {4 * f, 77, f}},          // a dimension of one, whatever its stride
        {0, {2, 4, 3}, {12 * f, f, 4 * f}},      // transposed
    };
    for (const auto& c : cases) {
        const ArrayView view(&values[static_cast<std::size_t>(c.first)], DType::float32, c.shape, c.strides);
        INFO(to_string(c.shape) << " " << to_string(c.strides));
        CHECK(first_difference(gathered(view, rows), at(c.strides, c.first, c.shape[1], c.shape[2])) == "");
        std::vector<std::int32_t> labels(rows.size() * static_cast<std::size_t>(c.shape[1] * c.shape[2]));
        gather_labels(view, rows, labels.data());
        CHECK(Floats(labels.begin(), labels.end()) == at(c.strides, c.first, c.shape[1], c.shape[2]));
    }
}

TEST_CASE("rows that lie as they would be written are read where they lie") {
    const Floats x{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const ArrayView array(x.data(), DType::float32, {4, 3});
    const ArrayView ones(x.data(), DType::float32, {4, 1, 3, 1}, {12, 5, 4, 7});  // a step along one element is never taken
    CHECK(rows_in_place(array, Rows{0, 1, 2, 3}) == x.data());
    CHECK(rows_in_place(array, Rows{2}) == x.data() + 6);
    CHECK(rows_in_place(ones, Rows{1, 2}) == x.data() + 3);
    const auto elsewhere = [&](const ArrayView& view, const Rows& rows) { return rows_in_place(view, rows) == nullptr; };
    CHECK(elsewhere(array, {}));
    CHECK(elsewhere(array, {1, 0}));
    CHECK(elsewhere(array, {0, 2}));
    CHECK(elsewhere(array, {1, 1}));
    CHECK(elsewhere(array, {3, 4}));
    CHECK(elsewhere(array, {-1, 0}));
    CHECK(elsewhere({x.data(), DType::int32, {4, 3}}, {0}));
    CHECK(elsewhere({x.data(), DType::float32, {2, 3}, {24, 4}}, {0, 1}));  // every other row
    CHECK(elsewhere({x.data(), DType::float32, {3, 4}, {4, 12}}, {0, 1}));  // Fortran order
    CHECK(elsewhere({reinterpret_cast<const std::byte*>(x.data()) + 1, DType::float32, {2, 3}}, {0}));
}

TEST_CASE("empty samples and no rows are nothing; rows outside are refused") {
    const Floats floats = {1, 2, 3};
    const ArrayView values = std::span<const float>(floats);
    CHECK(gathered(values, {}).empty());
    CHECK(gathered(ArrayView(nullptr, DType::float32, {5, 0, 3}), {4}).empty());
    CHECK(gathered(ArrayView(nullptr, DType::float32, {5, 0, 3}, {12, 12, 4}), {4}).empty());
    CHECK_THROWS_AS(gathered(values, {3}), IndexOutOfRange);
    CHECK_THROWS_AS(gathered(values, {-1}), IndexOutOfRange);
    float out = 0;
    const Rows zero = {0};
    CHECK_THROWS_AS(gather_rows(ArrayView(floats.data(), DType::float32, {}), zero, &out), IndexOutOfRange);
}

TEST_CASE("what is not finite in float32 is refused, the first place named") {
    Floats values(4 * 2 * 3, 1.0F);
    const ArrayView view(values.data(), DType::float32, {4, 2, 3});
    CHECK_NOTHROW(require_finite(view, "fit", "x"));
    const auto message = [&](const ArrayView& v, float divide = 1) {
        return message_of<InvalidArgument>([&] { require_finite(v, "fit", "x", divide); });
    };
    values[23] = inf;
    CHECK(contains(message(view), "x[3, 1, 2] is inf"));
    values[22] = -std::numeric_limits<float>::quiet_NaN();
    CHECK(contains(message(view), "x[3, 1, 1] is nan"));
    values[0] = -inf;
    CHECK(message(view) ==
          "[fit] x must be finite as float32; got data in which x[0, 0, 0] is -inf; replace or drop such values");
    // First in C order of the view, not in memory.
    const ArrayView backwards(&values[23], DType::float32, {24}, {-4});
    CHECK(contains(message(backwards), "x[0] is inf"));
    CHECK(contains(message(ArrayView(values.data(), DType::float32, {})), "x is -inf"));

    std::vector<double> doubles = {1, 0x1.fffffefffffffp127, 0x1.ffffffp127};  // the last is a tie, which rounds up
    CHECK(contains(message(vector_view(doubles, DType::float64)), "x[2] is 3.4028235677973366e+38, which is too large"));
    doubles.pop_back();
    CHECK_NOTHROW(require_finite(vector_view(doubles, DType::float64), "fit", "x"));
    CHECK(contains(message(vector_view(doubles, DType::float64), 0.5F), "x[1] is 3.4028235677973362e+38, which is too large"));
    const std::vector<std::uint8_t> bytes = {0, 1};
    CHECK_NOTHROW(require_finite(vector_view(bytes, DType::uint8), "fit", "x", 1e-30F));
    CHECK(contains(message(vector_view(bytes, DType::uint8), 1e-39F), "x[1] is 1, which is too large"));
    for (const float divide : {0.0F, -0.0F, inf, std::nanf("")})
        CHECK(contains(message(vector_view(bytes, DType::uint8), divide), "divide must be a finite number other than 0"));
    CHECK_NOTHROW(require_finite(ArrayView(nullptr, DType::float32, {0, 3}), "fit", "x"));
}

TEST_CASE("what is not finite is found at every place, however the floats lie") {
    const auto message = [](const ArrayView& v, float divide = 1) {
        return message_of<InvalidArgument>([&] { require_finite(v, "fit", "x", divide); });
    };
    const auto name = [](std::int64_t place) { return "x[" + std::to_string(place) + "] is nan"; };
    for (const std::int64_t count : {1, 15, 16, 17, 50, 300000}) {
        std::vector<std::byte> memory(static_cast<std::size_t>(2 * count) * sizeof(float) + 1);
        const auto check = [&](std::byte* first, std::int64_t stride, float divide) {
            const ArrayView view(first, DType::float32, {count}, {stride});
            CHECK_NOTHROW(require_finite(view, "fit", "x", divide));
            for (std::int64_t place = 0; place < count; place += (count > 50 ? 99999 : 1)) {
                const float bad = std::nanf("");
                std::memcpy(first + place * stride, &bad, sizeof bad);
                CHECK(contains(message(view, divide), name(place)));
                std::memset(first + place * stride, 0, sizeof bad);
            }
        };
        check(memory.data(), 4, 1);
        check(memory.data(), 4, 2);
        check(memory.data() + 1, 4, 1);  // not aligned
        check(memory.data(), 8, 1);      // with gaps
    }
}

TEST_CASE("labels are whole numbers below the number of classes") {
    const auto message = [&](const auto& values, DType dtype, std::int64_t classes) {
        return message_of<InvalidArgument>([&] { require_labels(vector_view(values, dtype), classes, "fit", "y"); });
    };
    const std::string fine = "(nothing thrown)";
    CHECK(message(std::vector<std::int64_t>{0, 9, 3}, DType::int64, 10) == fine);
    CHECK(message(std::vector<float>{0, -0.0F, 9}, DType::float32, 10) == fine);
    CHECK(message(std::vector<std::uint8_t>{0, 1, 255}, DType::boolean, 2) == fine);
    CHECK(message(std::vector<std::uint32_t>{2147483647}, DType::uint32, std::int64_t{1} << 31) == fine);
    CHECK(contains(message(std::vector<std::int64_t>{0, 10}, DType::int64, 10),
                   "[fit] labels must be whole numbers from 0 to 9; got data in which y[1] is 10"));
    CHECK(contains(message(std::vector<std::int8_t>{0, 1, -1}, DType::int8, 10), "y[2] is -1"));
    CHECK(contains(message(std::vector<std::uint64_t>{18446744073709551615U}, DType::uint64, 10), "18446744073709551615"));
    CHECK(contains(message(std::vector<std::uint32_t>{4294967295U}, DType::uint32, std::int64_t{1} << 31), "4294967295"));
    CHECK(contains(message(std::vector<double>{1, 0.5}, DType::float64, 10), "y[1] is 0.5"));
    CHECK(contains(message(std::vector<float>{std::nanf("")}, DType::float32, 10), "y[0] is nan"));
    CHECK(contains(message(std::vector<float>{inf}, DType::float32, 10), "y[0] is inf"));
    CHECK(contains(message(std::vector<double>{-0.25}, DType::float64, 10), "y[0] is -0.25"));

    std::vector<std::int32_t> out(2);
    const Rows rows = {2, 0};
    gather_labels(vector_view(std::vector<double>{4, 5, 6}, DType::float64), rows, out.data());
    CHECK(out == std::vector<std::int32_t>{6, 4});
}
