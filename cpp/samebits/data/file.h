// Files for the readers and writers of this folder. Internal header: it brings in fmt, so no public header includes it.
// Every failure is an IoError that names the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/shape.h"

namespace samebits {

// At most 40 characters of a stranger's text for a message: quoted, what is not printable ASCII as \xNN.
std::string in_quotes(std::string_view text);

// Bytes of an array of that shape (no dimension negative); nothing past 2^59 elements, zeros left out.
std::optional<std::uint64_t> array_bytes(const Shape& shape, std::size_t item);

// A regular file, read from its beginning. `op` opens the messages: "read_npy".
class InputFile {
public:
    InputFile(std::string_view op, const std::filesystem::path& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }  // when it was opened
    [[nodiscard]] std::uint64_t left() const { return size_ > offset_ ? size_ - offset_ : 0; }
    // As many bytes as asked unless the file ends.
    std::size_t read(void* to, std::size_t bytes);
    // Exactly so many.
    void read_all(void* to, std::size_t bytes);
    void rewind();
    // Data sets are handed on packed: refuses a file whose first bytes, `start`, are gzip's.
    void require_unpacked(std::string_view start) const;

    // "[op] rule; got ..., in FILE; do ...". The text says rule and what was got.
    template <class... Args>
    [[noreturn]] void refuse(fmt::format_string<Args...> text, Args&&... args) const {
        throw IoError(fmt::format("[{}] {}, in {}; get or write the file again", op_,
                                  fmt::format(text, std::forward<Args>(args)...), path_));
    }
    template <class... Args>
    void check(bool holds, fmt::format_string<Args...> text, Args&&... args) const {
        if (!holds) refuse(text, std::forward<Args>(args)...);
    }

private:
    std::string op_;
    std::string path_;
    int handle_ = -1;
    std::uint64_t size_ = 0;
    std::uint64_t offset_ = 0;
};

// A file that is there whole or not at all: written beside its place, flushed to the disk, then renamed over the old one.
class AtomicFile {
public:
    AtomicFile(std::string_view op, const std::filesystem::path& path);
    ~AtomicFile();  // without commit() nothing is left behind and the old file stays
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    void write(const void* from, std::size_t bytes);
    void commit();

private:
    [[noreturn]] void refuse(int error) const;

    std::string op_;
    std::filesystem::path path_;
    std::filesystem::path temporary_;
    int handle_ = -1;
};

}  // namespace samebits
