#include "samebits/data/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace samebits {
namespace {

// read() and write() take at most 0x7ffff000 bytes a call on Linux.
constexpr std::size_t most_per_call = std::size_t{1} << 30;

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 40;
    std::string out = "\"";
    for (const char c : text.substr(0, most)) {
        if (c >= ' ' && c <= '~') {
            out += c;
        } else {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
    return out + (text.size() > most ? "...\"" : "\"");
}

std::optional<std::uint64_t> array_bytes(const Shape& shape, std::size_t item) {
    std::int64_t room = std::int64_t{1} << 59;  // as element_count
    for (const std::int64_t dim : shape)
        if (dim > 0) room /= dim;
    if (room == 0) return std::nullopt;
    return static_cast<std::uint64_t>(element_count(shape)) * item;
}

InputFile::InputFile(std::string_view op, const std::filesystem::path& path)
    : op_(op), path_(path.string()), handle_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    require<IoError>(handle_ >= 0, "[{}] the file must be readable; got {} ({}); check the name", op_, path_, reason(errno));
    struct stat status {};
    const bool regular = fstat(handle_, &status) == 0 && S_ISREG(status.st_mode);
    if (!regular) close(handle_);
    require<IoError>(regular, "[{}] a plain file is needed; got {} (a folder or a device); check the name", op_, path_);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { close(handle_); }

std::size_t InputFile::read(void* to, std::size_t bytes) {
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t got = ::read(handle_, static_cast<char*>(to) + done, std::min(bytes - done, most_per_call));
        if (got < 0 && errno == EINTR) continue;
        check(got >= 0, "the file must be readable; got {} at byte {}", reason(errno), offset_ + done);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    offset_ += done;
    return done;
}

void InputFile::read_all(void* to, std::size_t bytes) {
    const std::uint64_t start = offset_;
    const std::size_t got = read(to, bytes);
    check(got == bytes, "the file is cut short; got {} of {} bytes from byte {}", got, bytes, start);
}

void InputFile::rewind() {
    check(lseek(handle_, 0, SEEK_SET) == 0, "the file must be readable; got {}", reason(errno));
    offset_ = 0;
}

void InputFile::require_unpacked(std::string_view start) const {
    require<IoError>(
        !start.starts_with("\x1f\x8b"),
        "[{}] the file must be unpacked; got gzip's first bytes at byte 0, in {}; unzip it with gunzip or tar -xzf", op_,
        path_);
}

AtomicFile::AtomicFile(std::string_view op, const std::filesystem::path& path) : op_(op), path_(path) {
    static std::atomic<unsigned> counter{0};
    do {
        temporary_ = path_.parent_path() / fmt::format(".samebits-{}-{}.tmp", getpid(), counter++);
        handle_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (handle_ < 0 && errno == EEXIST);
    if (handle_ < 0) refuse(errno);
}

AtomicFile::~AtomicFile() {
    if (handle_ >= 0) close(handle_);
    if (!temporary_.empty()) unlink(temporary_.c_str());
}

void AtomicFile::write(const void* from, std::size_t bytes) {
    const auto* next = static_cast<const char*>(from);
    while (bytes > 0) {
        const ssize_t done = ::write(handle_, next, std::min(bytes, most_per_call));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) refuse(errno);
        next += done;
        bytes -= static_cast<std::size_t>(done);
    }
}

void AtomicFile::commit() {
    if (fsync(handle_) != 0) refuse(errno);
    if (close(std::exchange(handle_, -1)) != 0) refuse(errno);
    if (std::rename(temporary_.c_str(), path_.c_str()) != 0) refuse(errno);
    temporary_.clear();
    // The new name reaches the disk with the folder; where a folder cannot be flushed, the file is still whole.
    const std::filesystem::path folder = path_.has_parent_path() ? path_.parent_path() : ".";
    if (const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); handle >= 0) {
        fsync(handle);
        close(handle);
    }
}

void AtomicFile::refuse(int error) const {
    fail<IoError>("[{}] the file must be writable; got {} ({}); check the folder and the space on the disk", op_,
                  path_.string(), reason(error));
}

}  // namespace samebits
