#include "samebits/data/csv.h"

#include <fmt/format.h>

#include <cfenv>
#include <charconv>
#include <clocale>
#include <cmath>
#include <limits>
#include <vector>

#include "samebits/base/error.h"
#include "samebits/data/csv_number.h"
#include "support/catch.h"
#include "support/exact.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

using Floats = std::vector<float>;

const Folder& folder() {
    static const Folder instance;
    return instance;
}

CsvTable read(std::string_view text, bool header = false, char delimiter = ',', std::optional<std::int64_t> label = {}) {
    return read_csv(folder().file("t.csv", text), header, delimiter, label);
}

// Elements of a view of one or two dimensions.
Floats values(const ArrayView& view) {
    Floats out;
    for (std::int64_t i = 0; i < view.shape[0]; ++i)
        for (std::int64_t j = 0; j < (view.shape.size() > 1 ? view.shape[1] : 1); ++j)
            out.push_back(*reinterpret_cast<const float*>(static_cast<const std::byte*>(view.data) + i * view.strides[0] +
                                                          (view.shape.size() > 1 ? j * view.strides[1] : 0)));
    return out;
}

std::string refusal(std::string_view text, bool header = false, char delimiter = ',', std::optional<std::int64_t> label = {}) {
    std::string message = message_of<InvalidArgument>([&] { read(text, header, delimiter, label); });
    CHECK(contains(message, "[read_csv] "));
    return message;
}

float number(std::string_view text) {
    float value = -77;
    return parse_number(text, value) ? value : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

TEST_CASE("a table is rows times columns") {
    const CsvTable table = read("1,2,3\n4,5,6\n");
    CHECK(table.x().shape == Shape{2, 3});
    CHECK(values(table.x()) == Floats{1, 2, 3, 4, 5, 6});
    CHECK(table.buffer.size() == 6 * sizeof(float));
    CHECK_THROWS_AS(table.y(), InvalidArgument);
    CHECK(values(read("7").x()) == Floats{7});
}

TEST_CASE("the label column stands apart, wherever it is") {
    const Floats labels[] = {{1, 5}, {2, 6}, {3, 7}, {4, 8}};
    const Floats others[] = {{2, 3, 4, 6, 7, 8}, {1, 3, 4, 5, 7, 8}, {1, 2, 4, 5, 6, 8}, {1, 2, 3, 5, 6, 7}};
    for (std::int64_t label = 0; label < 4; ++label) {
        const CsvTable table = read("1,2,3,4\n5,6,7,8\n", false, ',', label);
        CHECK(values(table.y()) == labels[label]);
        CHECK(values(table.x()) == others[label]);
    }
    const CsvTable table = read("0,1,2,3,4\n9,5,6,7,8\n", false, ',', 0);
    const ArrayView images = table.x({2, 2, 1});
    CHECK(images.shape == Shape{2, 2, 2, 1});
    CHECK(images.strides == Shape{20, 8, 4, 4});
    CHECK(contains(message_of<InvalidArgument>([&] { static_cast<void>(table.x({3})); }), "got 4 numbers for (3,)"));
    CHECK(contains(refusal("1,2\n", false, ',', 2), "label must be a column from 0 to 1; got 2"));
    CHECK(contains(refusal("1,2\n", false, ',', -1), "got -1"));
    CHECK(contains(refusal("1\n", false, ',', 0), "a column beside the label"));
}

TEST_CASE("ends of lines, blanks, quotes, marks, headers and delimiters") {
    const Floats want = {1, 2, 3, 4};
    for (const char* text : {"1,2\n3,4", "1,2\r\n3,4\r\n", "1,2\n3,4\n\n", "1,2\n3,4\r\n  \r\n\t\n", "\357\273\2771,2\n3,4\n",
                             " 1 ,\t2\n3 , 4 \n", "\"1\",\" 2 \"\n \"3\" ,4\n", "+1,2.0\n3e0,0.4E+1\n", "01,2\n3.,4\n"})
        CHECK(values(read(text).x()) == want);
    CHECK(values(read("a,b\n1,2\n3,4\n", true).x()) == want);
    CHECK(values(read("\357\273\277a,b\r\n1,2\r\n3,4\r\n", true).x()) == want);
    for (const char delimiter : {',', ';', '|', ':', '\t', ' '})
        CHECK(values(read(fmt::format("1{0}2\n3{0}4\n", delimiter), false, delimiter).x()) == want);
    CHECK(values(read("1\t2\n 3\t4 \n", false, '\t').x()) == want);
    for (const char delimiter : {'.', '-', '0', 'e', '"', '\n', '\0'})
        CHECK(contains(refusal("1,2\n", false, delimiter), "delimiter must be one of"));
}

TEST_CASE("numbers are rounded twice, as NumPy does: to binary64, then to binary32") {
    const std::pair<const char*, float> cases[] = {
        {"0", 0.0F},
        {"-0", -0.0F},
        {"-0.0e5", -0.0F},
        {"0.1", 0.1F},
        {".5", 0.5F},
        {"5.", 5.0F},
        {"999999999", 999999999.0F},
        {"4294967296", 0x1p32F},
        {"99999999999", 99999999999.0F},
        {"1234567890123", 1234567890123.0F},
        {"16777217", 16777216.0F},
        {"0000000000000007", 7.0F},
        // Just above a tie of binary32: the nearest binary64 is the tie, which goes to even. One rounding would go up.
        {"1.000000059604644775390626", 1.0F},
        {"1.00000017881393432617187499", 1 + 0x1p-22F},
        {"3.4028235677973362e38", std::numeric_limits<float>::max()},
        {"1e-45", 0x1p-149F},
        {"7.006492321624085e-46", 0.0F},  // half the smallest subnormal: to even
        {"-1e-60", -0.0F},
        {"1e-400", 0.0F},
        {"-1e-99999999999999999999", -0.0F},
        {"0.01e-9223372036854775808", 0.0F},
        {"0e99999999999999999999", 0.0F},
    };
    for (const auto& [text, want] : cases) {
        INFO(text);
        CHECK(first_difference(Floats{number(text)}, Floats{want}) == "");
    }
    const std::string zeros(400, '0');
    CHECK(number("0." + zeros + "1") == 0.0F);
    CHECK(number("0." + zeros + "1e401") == 1.0F);
    CHECK(number("1" + zeros + "e-400") == 1.0F);
    CHECK(std::isnan(number("1" + zeros)));
    for (const char* text : {"3.4028235677973366e38",
                             "1e39",
                             "-1e39",
                             "1e400",
                             "-1e400",
                             "1e99999999999999999999",
                             "12e9223372036854775807",
                             "inf",
                             "-inf",
                             "Infinity",
                             "nan",
                             "NaN",
                             "0x10",
                             "1e",
                             "e1",
                             ".",
                             "+",
                             "-",
                             "+-1",
                             "++1",
                             "1,5",
                             "1 2",
                             "1_000",
                             "1f",
                             "-",
                             "\302\2401"}) {
        INFO(text);
        CHECK(std::isnan(number(text)));
    }
    CHECK(std::isnan(number(std::string_view("1\0", 2))));
}

TEST_CASE("every short whole number takes the fast way to the same value") {
    for (std::uint32_t i = 0; i < 1000000000; i += 99991) {
        const std::string text = std::to_string(i);
        double wide = -1;
        std::from_chars(text.data(), text.data() + text.size(), wide);
        CHECK(number(text) == static_cast<float>(wide));
    }
}

TEST_CASE("neither the caller's rounding mode nor its locale is felt") {
    std::fesetround(FE_UPWARD);
    const CsvTable table = read("0.1,16777217,1e-60\n");
    const int mode = std::fegetround();
    std::fesetround(FE_TONEAREST);
    CHECK(mode == FE_UPWARD);
    CHECK(values(table.x()) == Floats{0.1F, 16777216.0F, 0.0F});
    for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"})
        if (std::setlocale(LC_ALL, name) != nullptr) CHECK(values(read("1.5\n").x()) == Floats{1.5F});
    std::setlocale(LC_ALL, "C");
}

TEST_CASE("content errors name file, line and column") {
    const std::string path = (folder() / "t.csv").string();
    CHECK(refusal("1,2\n3,x\n") ==
          fmt::format(
              "[read_csv] every field must be a finite decimal number that float32 can hold; got \"x\" at {}:2:2; correct it",
              path));
    CHECK(contains(refusal("a,b\n1,2\n"), ":1:1; is the first line a header?"));
    CHECK(contains(refusal("h,h\n1,2\n3,nan\n", true), "\"nan\" at " + path + ":3:2"));
    CHECK(contains(refusal("1,1e39\n"), "\"1e39\""));
    CHECK(contains(refusal("1,,3\n"), "got \"\" at " + path + ":1:2"));
    CHECK(contains(refusal("1,2\n\n3,4\n"), "got 1 at " + path + ":2:2"));
    CHECK(contains(refusal("1\n\n3\n"), "got \"\" at " + path + ":2:1"));
    CHECK(contains(refusal("\n1\n"), "got \"\" at " + path + ":1:1"));
    CHECK(contains(refusal("1,2\n3\n"), "rows have as many fields as the first, 2; got 1 at " + path + ":2:2"));
    CHECK(contains(refusal("1,2\n3,4,5\n"), "got 3 at " + path + ":2:3"));
    CHECK(contains(refusal("1,2\r3,4\n"), "\"2\\x0d3\""));
    CHECK(contains(refusal("\"1,5\",2\n"), "\"1"));
    for (const char* text : {"", "\n", "\n \n\n", "\xEF\xBB\xBF"}) CHECK(contains(refusal(text), "at least one row"));
    CHECK(contains(refusal("a,b\n", true), "behind the header"));
    CHECK(contains(refusal(std::string(100, 'x')), std::string(40, 'x') + "...\""));
    CHECK(contains(message_of<IoError>([] { read_csv(folder() / "none.csv", false); }), "No such file"));
    CHECK(contains(message_of<IoError>([] { read_csv(folder() / ".", false); }), "a folder or a device"));
}

TEST_CASE("lines across and beyond blocks of the reader") {
    // 3 MB on one line, and lines that end at every offset around the first MiB.
    std::string text = "1";
    for (int i = 0; i < 1500000; ++i) text += ",1";
    CHECK(read(text + "\n" + text).columns == 1500001);
    for (std::size_t spare = 0; spare < 5; ++spare) {
        std::string rows = "12345" + std::string((1 << 20) - 12 + spare, ' ') + "\n67\r\n89\n";
        CHECK(values(read(rows).x()) == Floats{12345, 67, 89});
    }
}

TEST_CASE("a ragged file that claims much takes little memory") {
    std::string text = "1";
    for (int i = 0; i < 9999; ++i) text += ",1";
    for (int i = 0; i < 10000; ++i) text += "\n1";  // 10,000 x 10,001 numbers would be 400 MB
    reset_memory_peak();
    const std::size_t before = memory_stats().used;
    CHECK(contains(refusal(text), "got 1 at"));
    CHECK(memory_stats().peak - before < 3u << 20);
    CHECK(memory_stats().used == before);
}
