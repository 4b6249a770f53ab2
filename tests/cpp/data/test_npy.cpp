#include "samebits/data/npy.h"

#include <fmt/format.h>

#include <cstring>

#include "samebits/base/error.h"
#include "support/catch.h"
#include "support/exact.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

// A file of version 1.0 (or `major`) whose header is exactly `header`.
std::string npy(const std::string& header, const std::string& data, char major = 1) {
    std::string bytes = std::string("\x93NUMPY") + major + '\0';
    for (int i = 0; i < (major == 1 ? 2 : 4); ++i) bytes += static_cast<char>(header.size() >> (8 * i) & 255);
    return bytes + header + data;
}

std::string header(const std::string& descr, const std::string& shape, const std::string& fortran = "False") {
    return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr, fortran, shape);
}

std::string refusal(const Folder& folder, const std::string& bytes) {
    const auto path = folder.file("refused.npy", bytes);
    std::string text = message_of<IoError>([&] { read_npy(path); });
    CHECK(contains(text, "[read_npy] "));
    CHECK(contains(text, path.string()));
    return text;
}

const std::string eight = "\1\2\3\4\5\6\7\x08";

}  // namespace

TEST_CASE("each type NumPy writes is read") {
    const Folder folder;
    const struct {
        const char* descr;
        DType dtype;
    } types[] = {{"<f4", DType::float32}, {"<f8", DType::float64}, {"|i1", DType::int8},   {"<i2", DType::int16},
                 {"<i4", DType::int32},   {"<i8", DType::int64},   {"|u1", DType::uint8},  {"<u2", DType::uint16},
                 {"<u4", DType::uint32},  {"<u8", DType::uint64},  {"|b1", DType::boolean}};
    for (const auto& [descr, dtype] : types) {
        INFO(descr);
        const std::string shape = fmt::format("({},)", 8 / size_of(dtype));
        for (const char major : {1, 2, 3}) {
            const NpyArray array = read_npy(folder.file("a.npy", npy(header(descr, shape), eight, major)));
            CHECK(array.dtype == dtype);
            CHECK(array.shape == Shape{8 / static_cast<std::int64_t>(size_of(dtype))});
            CHECK(std::memcmp(array.view().data, eight.data(), 8) == 0);
        }
    }
}

TEST_CASE("shapes and orders") {
    const Folder folder;
    const auto read = [&](const std::string& text, const std::string& data) {
        return read_npy(folder.file("a.npy", npy(text, data)));
    };
    const NpyArray c = read(header("|u1", "(2, 4)"), eight);
    CHECK(c.shape == Shape{2, 4});
    CHECK(c.strides == Shape{4, 1});
    const NpyArray fortran = read(header("<u2", "(2, 2)", "True"), eight);
    CHECK(fortran.strides == Shape{2, 4});
    CHECK(fortran.view().strides == Shape{2, 4});
    CHECK(read(header("<f8", "()"), eight).shape.empty());
    CHECK(read(header("<f8", "(0, 5)"), "").shape == Shape{0, 5});
    CHECK(read(header("|u1", "(2, 4,)"), eight).shape == Shape{2, 4});
    // Keys in any order, double quotes, no last comma, no line feed.
    CHECK(read("{\"shape\":(8,),\"descr\":\"|u1\",\"fortran_order\":True}", eight).shape == Shape{8});
}

TEST_CASE("what is written is read again, and is counted while it is held") {
    const Folder folder;
    const Tensor tensor({2, 3}, std::vector<float>{1, -2, 3.5F, -0.0F, 5, 6});
    write_npy(folder / "t.npy", tensor);
    const std::size_t before = memory_stats().used;
    {
        const NpyArray array = read_npy(folder / "t.npy");
        CHECK(memory_stats().used - before == 64);
        CHECK(array.shape == tensor.shape());
        CHECK(first_difference({static_cast<const float*>(array.view().data), 6}, tensor.values()) == "");
    }
    CHECK(memory_stats().used == before);
    CHECK(folder.files() == 1);
    // Byte for byte what numpy.save writes.
    std::string want = header("<f4", "(2, 3)");
    want.back() = ' ';
    want.resize(128 - 10 - 1, ' ');
    CHECK(bytes_of(folder / "t.npy") == npy(want + '\n', std::string(reinterpret_cast<const char*>(tensor.data()), 24)));
    write_npy(folder / "s.npy", Tensor(Shape{}, std::vector<float>{7}));
    CHECK(read_npy(folder / "s.npy").shape.empty());
}

TEST_CASE("a file cut anywhere, or with a byte too many, is refused") {
    const Folder folder;
    const std::string whole = npy(header("<f4", "(2,)"), eight);
    CHECK_NOTHROW(read_npy(folder.file("whole.npy", whole)));
    for (std::size_t size = 0; size < whole.size(); ++size) refusal(folder, whole.substr(0, size));
    CHECK(contains(refusal(folder, whole + "x"), "got 9 bytes from byte "));
    CHECK(contains(refusal(folder, whole.substr(0, whole.size() - 1)), "got 7 bytes from byte "));
}

TEST_CASE("headers that are not what they should be are refused, the place named") {
    const Folder folder;
    const auto refused = [&](const std::string& text) { return refusal(folder, npy(text, eight)); };
    CHECK(contains(refused(header(">f4", "(2,)")), "little-endian"));
    CHECK(contains(refused(header(">f4", "(2,)")), "at byte 20"));
    for (const char* descr : {"|O", "<c8", "<U2", "|S8", "<M8[ns]", "<f2", "|f4", "=f4", "<b", "", "xi1"})
        CHECK(contains(refused(header(descr, "(2,)")), fmt::format("'{}'", descr)));
    CHECK(contains(refused("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }"), "not a record"));
    for (const char* shape :
         {"(2", "2", "(2)", "(-2,)", "(,)", "(2.0,)", "(2 3)", "[2]", "(2,,)", "(0x2,)", "(99999999999999999999,)"})
        CHECK(contains(refused(header("<f4", shape)), "the header must hold "));
    std::string many = "(";
    for (int i = 0; i < 33; ++i) many += "1, ";
    CHECK(contains(refused(header("<f4", many + ")")), "at most 32 dimensions"));
    for (const char* text :
         {"", "{", "{}", "()", "{'descr': '<f4'}", "{'descr'", "{'descr': '<f4", "{'x': 1}",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,)}",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} x",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}"})
        CHECK(contains(refused(text), "the header must hold "));
}

TEST_CASE("sizes that overflow, hostile lengths and other files are refused before anything is allocated") {
    const Folder folder;
    const std::size_t before = memory_stats().peak;
    for (const char* shape : {"(4611686018427387904, 2)", "(4294967296, 4294967296)", "(0, 4611686018427387904)",
                              "(9223372036854775807, 9223372036854775807, 0)", "(1000000000000,)"})
        CHECK(contains(refusal(folder, npy(header("<f8", shape), eight)), "the array must fill the file"));
    CHECK(contains(refusal(folder, std::string("\x93NUMPY\x02\0\xff\xff\xff\xff", 12)), "at most 1 MiB"));
    CHECK(contains(refusal(folder, std::string("\x93NUMPY\x04\0\x10\0", 10)), "got 4.0 at byte 6"));
    CHECK(contains(refusal(folder, "PK\x03\x04 a zip archive"), "an .npy file starts with"));
    CHECK(memory_stats().peak == before);
    CHECK(contains(message_of<IoError>([&] { read_npy(folder / "none.npy"); }), "No such file"));
    CHECK(contains(message_of<IoError>([&] { read_npy(folder / "."); }), "a folder or a device"));
    CHECK(contains(message_of<IoError>([&] { read_npy("/dev/zero"); }), "a folder or a device"));
    CHECK(contains(message_of<IoError>([&] { write_npy(folder / "no/t.npy", Tensor({1})); }), "No such file"));
}
