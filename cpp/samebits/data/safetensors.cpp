#include "samebits/data/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "samebits/data/file.h"
#include "samebits/data/safetensors_header.h"

namespace samebits {
namespace {

constexpr std::uint64_t most_header = 100'000'000;  // the limit of the format's own library

std::size_t bytes_of(const Tensor& tensor) { return static_cast<std::size_t>(tensor.size()) * sizeof(float); }

std::string header_of(const SafetensorsFile& content) {
    auto header = nlohmann::ordered_json::object();
    if (!content.metadata.empty()) header["__metadata__"] = content.metadata;
    std::size_t offset = 0;
    for (const auto& [name, tensor] : content.tensors) {
        require(name != "__metadata__" && !header.contains(name),
                "[write_safetensors] tensors need names of their own, other than \"__metadata__\"; got {} again; name each "
                "differently",
                in_quotes(name));
        const std::size_t end = offset + bytes_of(tensor);
        header[name] = {{"dtype", "F32"}, {"shape", tensor.shape()}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    try {
        std::string text = header.dump();
        text.resize((text.size() + 7) / 8 * 8, ' ');
        return text;
    } catch (const nlohmann::json::type_error&) {
        fail("[write_safetensors] names and metadata must be UTF-8; got bytes that are not; write them in UTF-8");
    }
}

// Puts the tensors into the order of their bytes. Every number is measured against the bytes that are there.
void check_tensors(SafetensorsHeader& header, const InputFile& file) {
    std::stable_sort(header.tensors.begin(), header.tensors.end(),
                     [](const auto& a, const auto& b) { return a.offsets < b.offsets; });
    const auto data_bytes = static_cast<std::int64_t>(file.left());
    std::int64_t at = 0;
    for (const auto& [name, dtype, shape, offsets, byte] : header.tensors) {
        file.check(dtype == "F32", "only tensors of dtype F32 are read; got {} in tensor {} at byte {}", in_quotes(dtype),
                   in_quotes(name), byte);
        file.check(offsets[0] == at, "tensors lie one after the other; got tensor {} at byte {} of the data instead of {}",
                   in_quotes(name), offsets[0], at);
        file.check(offsets[1] >= offsets[0] && offsets[1] <= data_bytes,
                   "tensors end within the file; got tensor {} from byte {} to {} of {} bytes of data", in_quotes(name),
                   offsets[0], offsets[1], data_bytes);
        file.check(array_bytes(shape, sizeof(float)) == static_cast<std::uint64_t>(offsets[1] - offsets[0]),
                   "a tensor's bytes fit its shape; got {} bytes of F32 for the shape {} in tensor {} at byte {}",
                   offsets[1] - offsets[0], to_string(shape), in_quotes(name), byte);
        at = offsets[1];
    }
    file.check(at == data_bytes, "nothing lies behind the last tensor; got {} bytes from byte {}", data_bytes - at,
               file.size() - static_cast<std::uint64_t>(data_bytes - at));
}

std::uint64_t header_size(InputFile& file) {
    file.check(file.size() >= 8, "the file starts with 8 bytes of header length; got {} bytes from byte 0", file.size());
    unsigned char bytes[8];
    file.read_all(bytes, sizeof bytes);
    std::uint64_t size = 0;
    for (std::size_t i = sizeof bytes; i-- > 0;) size = size << 8 | bytes[i];
    file.check(size <= most_header, "a header has at most 100,000,000 bytes; got {} at byte 0 (is it a safetensors file?)",
               size);
    file.check(size <= file.left(),
               "the header lies within the file; got {} bytes of it in a file of {}, from byte 8 (cut short?)", size,
               file.size());
    return size;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const SafetensorsFile& content) {
    const std::string header = header_of(content);
    unsigned char size[8];
    for (std::size_t i = 0; i < sizeof size; ++i) size[i] = static_cast<unsigned char>(std::uint64_t{header.size()} >> (8 * i));
    AtomicFile file("write_safetensors", path);
    file.write(size, sizeof size);
    file.write(header.data(), header.size());
    for (const auto& [name, tensor] : content.tensors) file.write(tensor.data(), bytes_of(tensor));
    file.commit();
}

SafetensorsFile read_safetensors(const std::filesystem::path& path) {
    InputFile file("read_safetensors", path);
    std::string text(header_size(file), '\0');
    file.read_all(text.data(), text.size());
    file.check(text.starts_with('{'), "the header starts with an opening brace; got {} at byte 8", in_quotes(text));
    // The JSON parser would take a NUL for the end of the text.
    file.check(text.find('\0') == std::string::npos, "the header is text and not NUL; got one at byte {}", 8 + text.find('\0'));
    SafetensorsHeader header = parse_safetensors_header(text, file);
    check_tensors(header, file);
    SafetensorsFile content{{}, std::move(header.metadata)};
    for (auto& [name, dtype, shape, offsets, byte] : header.tensors) {
        Tensor tensor(std::move(shape));
        file.read_all(tensor.data(), bytes_of(tensor));
        content.tensors.push_back({std::move(name), std::move(tensor)});
    }
    return content;
}

}  // namespace samebits
