#include "samebits/data/idx.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

#include "samebits/data/file.h"

namespace samebits {
namespace {

constexpr int most_dims = 32;

std::optional<DType> type_of(unsigned char code) {
    switch (code) {
        case 0x08: return DType::uint8;
        case 0x09: return DType::int8;
        case 0x0B: return DType::int16;
        case 0x0C: return DType::int32;
        case 0x0D: return DType::float32;
        case 0x0E: return DType::float64;
        default: return std::nullopt;
    }
}

void big_endian_to_native(std::byte* first, std::size_t bytes, std::size_t item) {
    if (std::endian::native == std::endian::big || item == 1) return;
    for (std::size_t i = 0; i < bytes; i += item) std::reverse(first + i, first + i + item);
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
    InputFile file("read_idx", path);
    unsigned char start[4];
    const std::string_view got(reinterpret_cast<char*>(start), file.read(start, sizeof start));
    file.require_unpacked(got);
    file.check(got.size() == 4 && start[0] == 0 && start[1] == 0,
               "an IDX file starts with two zero bytes, its type and its number of dimensions; got {} at byte 0",
               in_quotes(got));
    const std::optional<DType> dtype = type_of(start[2]);
    file.check(dtype.has_value(), "the types 0x08, 0x09, 0x0b, 0x0c, 0x0d and 0x0e are known; got 0x{:02x} at byte 2",
               start[2]);
    file.check(start[3] >= 1 && start[3] <= most_dims, "an array has 1 to {} dimensions; got {} at byte 3", most_dims,
               start[3]);

    Shape shape(start[3]);
    for (std::int64_t& dim : shape) {
        unsigned char size[4];
        file.read_all(size, sizeof size);
        dim = std::int64_t{size[0]} << 24 | size[1] << 16 | size[2] << 8 | size[3];
    }
    const std::optional<std::uint64_t> bytes = array_bytes(shape, size_of(*dtype));
    file.check(bytes == file.left(), "the array must fill the file; got {} bytes from byte {} for {} {}", file.left(),
               4 + 4 * shape.size(), name_of(*dtype), to_string(shape));
    IdxArray array{*dtype, std::move(shape), Buffer(*bytes)};
    file.read_all(array.buffer.data(), *bytes);
    big_endian_to_native(array.buffer.data(), *bytes, size_of(*dtype));
    return array;
}

}  // namespace samebits
