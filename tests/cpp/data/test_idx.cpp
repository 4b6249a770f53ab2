#include "samebits/data/idx.h"

#include <cstring>
#include <vector>

#include "samebits/base/error.h"
#include "support/catch.h"
#include "support/files.h"

using namespace samebits;
using namespace samebits::test;

namespace {

std::string idx(int type, const std::vector<std::uint32_t>& dims, const std::string& data) {
    std::string bytes{'\0', '\0', static_cast<char>(type), static_cast<char>(dims.size())};
    for (const std::uint32_t dim : dims)
        for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(dim >> shift & 255);
    return bytes + data;
}

template <class T>
std::vector<T> values_of(const IdxArray& array) {
    std::vector<T> values(array.buffer.size() / sizeof(T));
    std::memcpy(values.data(), array.buffer.data(), array.buffer.size());
    return values;
}

std::string refusal(const Folder& folder, const std::string& bytes) {
    const auto path = folder.file("refused-idx3-ubyte", bytes);
    std::string text = message_of<IoError>([&] { read_idx(path); });
    CHECK(contains(text, "[read_idx] "));
    CHECK(contains(text, path.string()));
    return text;
}

const std::string eight = "\1\2\3\4\5\6\7\x08";

}  // namespace

TEST_CASE("idx: each type, big endian") {
    const Folder folder;
    const auto read = [&](int type, const std::vector<std::uint32_t>& dims, const std::string& data) {
        return read_idx(folder.file("a", idx(type, dims, data)));
    };
    const IdxArray images = read(0x08, {2, 2, 2}, eight);
    CHECK(images.dtype == DType::uint8);
    CHECK(images.shape == Shape{2, 2, 2});
    CHECK(values_of<std::uint8_t>(images) == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(images.view().strides == Shape{4, 2, 1});
    CHECK(values_of<std::int8_t>(read(0x09, {2}, "\xff\x80")) == std::vector<std::int8_t>{-1, -128});
    CHECK(values_of<std::int16_t>(read(0x0B, {1, 2}, "\x01\x02\xff\xfe")) == std::vector<std::int16_t>{0x0102, -2});
    CHECK(values_of<std::int32_t>(read(0x0C, {2}, eight)) == std::vector<std::int32_t>{0x01020304, 0x05060708});
    CHECK(values_of<float>(read(0x0D, {1}, std::string("\x3f\x80\0\0", 4))) == std::vector<float>{1});
    CHECK(values_of<double>(read(0x0E, {1}, std::string("\xc0\x04\0\0\0\0\0\0", 8))) == std::vector<double>{-2.5});
    CHECK(read(0x0B, {2, 2}, eight).dtype == DType::int16);
    CHECK(read(0x0D, {2}, eight).dtype == DType::float32);
    CHECK(read(0x08, {0, 28, 28}, "").shape == Shape{0, 28, 28});
}

TEST_CASE("idx: a file cut anywhere, or with a byte too many, is refused") {
    const Folder folder;
    const std::string whole = idx(0x0C, {2, 1}, eight);
    CHECK_NOTHROW(read_idx(folder.file("whole", whole)));
    for (std::size_t size = 0; size < whole.size(); ++size) refusal(folder, whole.substr(0, size));
    CHECK(contains(refusal(folder, whole + "x"), "got 9 bytes from byte 12 for int32 (2, 1)"));
    CHECK(contains(refusal(folder, whole.substr(0, whole.size() - 1)), "got 7 bytes from byte 12"));
}

TEST_CASE("idx: other files and hostile headers are refused before anything is allocated") {
    const Folder folder;
    const std::size_t before = memory_stats().peak;
    CHECK(contains(refusal(folder, "PK\x03\x04 a zip archive"), "an IDX file starts with two zero bytes"));
    CHECK(contains(refusal(folder, std::string("\0\1\x08\1\0\0\0\0", 8)), "an IDX file starts with two zero bytes"));
    CHECK(contains(refusal(folder, "\x1f\x8b\x08 packed"), "must be unpacked; got gzip's"));
    for (const int type : {0x00, 0x07, 0x0A, 0x0F, 0xFF}) CHECK(contains(refusal(folder, idx(type, {8}, eight)), "at byte 2"));
    CHECK(contains(refusal(folder, idx(0x08, {}, "\1")), "1 to 32 dimensions; got 0 at byte 3"));
    CHECK(contains(refusal(folder, idx(0x08, std::vector<std::uint32_t>(33, 1), "\1")), "got 33 at byte 3"));
    CHECK(read_idx(folder.file("a", idx(0x08, std::vector<std::uint32_t>(32, 1), "\1"))).shape.size() == 32);
    const std::uint32_t most = 0xffffffff;
    for (const auto& dims : std::vector<std::vector<std::uint32_t>>{
             {most}, {most, most}, {most, most, most}, {65536, 65536, 65536, 65536}, {0, most, most}, {1u << 31, 1u << 30, 8}})
        CHECK(contains(refusal(folder, idx(0x0E, dims, eight)), "the array must fill the file"));
    CHECK(memory_stats().peak <= before + 64);  // that of the file with 32 dimensions
    CHECK(contains(message_of<IoError>([&] { read_idx(folder / "none"); }), "No such file"));
    CHECK(contains(message_of<IoError>([&] { read_idx("/dev/zero"); }), "a folder or a device"));
}
