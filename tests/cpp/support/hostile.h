// Every reader of files, and what must hold of it for any bytes at all: a value, or one of our errors that names the file,
// and no more memory than the bytes explain. For test_hostile_files.cpp and the targets of tests/fuzz.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "samebits/data/safetensors.h"
#include "samebits/samebits.h"
#include "support/files.h"

namespace samebits::test {

// A file in memory, under a name that can be opened.
class MemoryFile {
public:
    MemoryFile() : handle_(memfd_create("hostile", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(handle_)) {}
    ~MemoryFile() { close(handle_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void set(std::string_view bytes) const {
        const auto size = static_cast<ssize_t>(bytes.size());
        if (ftruncate(handle_, 0) != 0 || pwrite(handle_, bytes.data(), bytes.size(), 0) != size) std::terminate();
    }

private:
    int handle_;
    std::filesystem::path path_;
};

// Every byte that a reader gave is there.
inline void touch(const Buffer& buffer) {
    std::byte sum{};
    for (std::size_t i = 0; i < buffer.size(); ++i) sum ^= buffer.data()[i];
    volatile std::byte sink = sum;
    static_cast<void>(sink);
}

// What its errors say besides the file's name: the line, file:line, or the offset, "byte 12".
enum class Place { none, line, byte };

struct Reader {
    std::string_view format;  // of the target fuzz_<format>
    std::string_view name;
    Place place;
    void (*read)(const std::filesystem::path& path);
};

inline constexpr Reader readers[] = {
    {"npy", "npy", Place::byte, [](const auto& path) { touch(read_npy(path).buffer); }},
    {"csv", "csv", Place::line, [](const auto& path) { touch(read_csv(path, false).buffer); }},
    {"csv", "csv with header and label", Place::line, [](const auto& path) { touch(read_csv(path, true, ';', 0).buffer); }},
    {"idx", "idx", Place::byte, [](const auto& path) { touch(read_idx(path).buffer); }},
    {"cifar", "cifar-10", Place::byte,
     [](const auto& path) {
         touch(read_cifar({path, path}, Cifar::ten).pixels);
     }},
    {"cifar", "cifar-100", Place::byte, [](const auto& path) { touch(read_cifar({path}, Cifar::hundred_fine).labels); }},
    {"safetensors", "safetensors", Place::byte, [](const auto& path) { read_safetensors(path); }},
    {"model", "model", Place::none, [](const auto& path) { static_cast<void>(load_model(path).digest()); }},
    {"model", "digest", Place::none, [](const auto& path) { digest_of_file(path); }},
    {"recipe", "recipe", Place::line, [](const auto& path) { static_cast<void>(Recipe::load(path).identity()); }},
};

// What the library may count for a file of so many bytes: at most 4 a character of a CSV file, 3 times a model's weights.
constexpr std::size_t most_memory(std::size_t bytes) { return 4 * bytes + 65536; }

// Whether a number stands behind one of the places of `words`: the file's own content may hold them too.
inline bool number_behind(std::string_view message, const std::string& words) {
    for (std::size_t at = message.find(words); at != std::string_view::npos; at = message.find(words, at + 1)) {
        const std::string_view behind = message.substr(at + words.size());
        if (!behind.empty() && behind[0] >= '0' && behind[0] <= '9') return true;
    }
    return false;
}

// `[op] rule; got ...; do ...`, with the file, and the line or the byte where there are such.
inline std::string complaint_about(const Reader& reader, std::string_view message, const std::string& path) {
    const std::size_t got = message.find("; got ");
    const bool shape = message.starts_with('[') && contains(message, "] ") && got != std::string_view::npos;
    if (!shape || !contains(message.substr(got + 6), "; ")) return "another shape";
    if (!contains(message, path)) return "no name of the file";
    const bool whole = contains(message, "a table needs ") || contains(message, "the table needs ") ||
                       contains(message, " in its keys and numbers") || contains(message, "must be UTF-8");
    if (reader.place == Place::line && !number_behind(message, path + ':') && !whole) return "no line";
    if (reader.place == Place::byte && !number_behind(message, " byte ")) return "no byte";
    return "";
}

struct Taken {
    bool value = false;
    std::string complaint;  // "" when all is as it must be
};

inline Taken take(const Reader& reader, std::string_view bytes) {
    static const MemoryFile file;
    file.set(bytes);
    Taken taken;
    const std::size_t used = memory_stats().used;
    reset_memory_peak();
    try {
        reader.read(file.path());
        taken.value = true;
    } catch (const InternalError& error) {
        taken.complaint = std::string("a bug of ours: ") + error.what();
    } catch (const Error& error) {
        taken.complaint = complaint_about(reader, error.what(), file.path().string());
        if (!taken.complaint.empty()) taken.complaint += ": " + std::string(error.what());
    } catch (const std::exception& error) {
        taken.complaint = std::string("not an error of ours: ") + error.what();
    }
    if (memory_stats().used != used) taken.complaint += " memory was not given back";
    if (memory_stats().peak - used > most_memory(bytes.size())) taken.complaint += " more memory than the file explains";
    return taken;
}

}  // namespace samebits::test
