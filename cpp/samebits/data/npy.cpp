#include "samebits/data/npy.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "samebits/data/file.h"

namespace samebits {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::size_t most_header = 1 << 20;
constexpr std::size_t most_dims = 32;

constexpr std::pair<std::string_view, DType> types[] = {
    {"f4", DType::float32}, {"f8", DType::float64}, {"i1", DType::int8},    {"i2", DType::int16},
    {"i4", DType::int32},   {"i8", DType::int64},   {"u1", DType::uint8},   {"u2", DType::uint16},
    {"u4", DType::uint32},  {"u8", DType::uint64},  {"b1", DType::boolean},
};

// The header is a Python dict of exactly three entries: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class Header {
public:
    Header(const InputFile& file, std::string_view text, std::size_t offset) : file_(file), text_(text), offset_(offset) {
        need("{");
        while (!take("}")) {
            const std::string_view key = quoted_text();
            need(":");
            if (key == "descr" && !dtype) {
                dtype = type();
            } else if (key == "fortran_order" && !fortran) {
                fortran = truth();
            } else if (key == "shape" && !shape) {
                shape = dimensions();
            } else {
                refuse("each of the keys descr, fortran_order and shape once");
            }
            if (take(",")) continue;
            need("}");
            break;
        }
        skip_blanks();
        if (at_ != text_.size() || !dtype || !fortran || !shape) refuse("descr, fortran_order and shape, and nothing more");
    }

    std::optional<DType> dtype;
    std::optional<bool> fortran;
    std::optional<Shape> shape;

private:
    [[noreturn]] void refuse(std::string_view wanted) const {
        file_.refuse("the header must hold {}; got {} at byte {}", wanted, in_quotes(text_.substr(at_)), offset_ + at_);
    }

    void skip_blanks() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    }

    bool take(std::string_view word) {
        skip_blanks();
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    void need(std::string_view word) {
        if (!take(word)) refuse(fmt::format("'{}' here", word));
    }

    std::string_view quoted_text() {
        const std::string_view quote = take("'") ? "'" : "\"";
        if (quote == "\"") need(quote);
        const std::size_t start = at_;
        const std::size_t end = text_.find(quote, start);
        if (end == std::string_view::npos) refuse("a text that ends");
        at_ = end + 1;
        return text_.substr(start, end - start);
    }

    DType type() {
        skip_blanks();
        const std::size_t start = at_;
        if (text_.substr(at_).starts_with("[")) refuse("one type, not a record of several");
        const std::string_view name = quoted_text();
        for (const auto& [known, value] : types)
            if (name.size() == 3 && name.substr(1) == known && (name[0] == '<' || (name[0] == '|' && size_of(value) == 1)))
                return value;
        at_ = start;
        if (name.starts_with(">")) refuse("little-endian numbers (save array.astype(array.dtype.newbyteorder('<')))");
        refuse("float32, float64, int8 to int64, uint8 to uint64 or bool");
    }

    bool truth() {
        if (take("True")) return true;
        need("False");
        return false;
    }

    Shape dimensions() {
        Shape dims;
        need("(");
        while (!take(")")) {
            if (dims.size() == most_dims) refuse("at most 32 dimensions");
            skip_blanks();
            std::int64_t dim = -1;
            const char* const first = text_.data() + at_;
            const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), dim);
            if (error != std::errc{} || dim < 0) refuse("dimensions from 0 to 2^63 - 1");
            at_ += static_cast<std::size_t>(end - first);
            dims.push_back(dim);
            if (take(",")) continue;
            if (dims.size() == 1) refuse("a tuple, (3,)");
            need(")");
            break;
        }
        return dims;
    }

    const InputFile& file_;
    std::string_view text_;
    std::size_t offset_;  // of text_ in the file
    std::size_t at_ = 0;
};

std::string read_header(InputFile& file) {
    unsigned char start[12];
    const std::size_t got = file.read(start, 8);
    file.check(got == 8 && std::string_view(reinterpret_cast<char*>(start), 6) == magic,
               "an .npy file starts with \\x93NUMPY and its version; got {} at byte 0",
               in_quotes(std::string_view(reinterpret_cast<char*>(start), got)));
    const int major = start[6];
    file.check(major >= 1 && major <= 3 && start[7] == 0, "versions 1.0, 2.0 and 3.0 are known; got {}.{} at byte 6", major,
               start[7]);
    const std::size_t width = major == 1 ? 2 : 4;
    file.read_all(start, width);
    std::size_t size = 0;
    for (std::size_t i = width; i-- > 0;) size = size << 8 | start[i];
    file.check(size <= most_header, "a header has at most 1 MiB; got {} bytes at byte 8", size);
    std::string text(size, '\0');
    file.read_all(text.data(), size);
    return text;
}

Shape strides_of(const Shape& shape, std::size_t item, bool fortran) {
    Shape strides(shape.size());
    auto stride = static_cast<std::int64_t>(item);
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t dim = fortran ? i : shape.size() - 1 - i;
        strides[dim] = stride;
        stride *= shape[dim];
    }
    return strides;
}

}  // namespace

NpyArray read_npy(const std::filesystem::path& path) {
    InputFile file("read_npy", path);
    const std::string text = read_header(file);
    const std::uint64_t start = file.size() - file.left();
    Header header(file, text, start - text.size());
    const std::size_t item = size_of(*header.dtype);
    const std::optional<std::uint64_t> bytes = array_bytes(*header.shape, item);
    file.check(bytes == file.left(), "the array must fill the file; got {} bytes from byte {} for {} {}", file.left(), start,
               name_of(*header.dtype), to_string(*header.shape));
    NpyArray array{*header.dtype, *header.shape, strides_of(*header.shape, item, *header.fortran), Buffer(*bytes)};
    file.read_all(array.buffer.data(), *bytes);
    return array;
}

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
    std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': {}, }}", to_string(tensor.shape()));
    // The data starts at a multiple of 64; the header ends with a line feed.
    header.resize(aligned_bytes(10 + header.size() + 1) - 10 - 1, ' ');
    header += '\n';
    std::string start(magic);
    start += {'\x01', '\x00', static_cast<char>(header.size() & 255), static_cast<char>(header.size() >> 8)};
    AtomicFile file("write_npy", path);
    file.write(start.data(), start.size());
    file.write(header.data(), header.size());
    file.write(tensor.data(), static_cast<std::size_t>(tensor.size()) * sizeof(float));
    file.commit();
}

}  // namespace samebits
