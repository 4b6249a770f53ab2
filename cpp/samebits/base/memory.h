// Every tensor, arena and staging buffer of the library is taken here and counted, rounded up to 64 bytes.
// Not counted: object metadata (names, plans), thread stacks, and what Python or the caller holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "samebits/base/api.h"

namespace samebits {

enum class MemoryMode {
    grow,         // take from the operating system when needed, give back when freed
    preallocate,  // take memory_limit bytes at once, touched, and serve everything from them
};

struct MemoryStats {
    std::size_t used;      // bytes held now
    std::size_t peak;      // most bytes held since the last reset_memory_peak()
    std::size_t limit;     // 0: none
    std::size_t reserved;  // bytes taken up front (preallocate), else 0
};

// Alignment of every allocation, and the unit of its size.
inline constexpr std::size_t memory_alignment = 64;

constexpr std::size_t aligned_bytes(std::size_t bytes) {
    return (bytes + memory_alignment - 1) / memory_alignment * memory_alignment;
}

// Throws InvalidArgument when `preallocate` has no limit, when more than the limit is in use already, or when the mode
// is changed while a preallocated block is in use; OutOfMemory when the system refuses the block. limit 0: none.
// The first use of the library reads SAMEBITS_MEMORY_LIMIT.
SAMEBITS_API void configure_memory(MemoryMode mode, std::size_t limit);
SAMEBITS_API MemoryMode memory_mode();
SAMEBITS_API MemoryStats memory_stats();
SAMEBITS_API void reset_memory_peak();

// "512MB" (10^6), "2GiB" (2^30), "1.5 GB", "4096": bytes. Throws InvalidArgument for anything else.
SAMEBITS_API std::size_t parse_bytes(std::string_view text);
// "1.25 MiB", for people.
SAMEBITS_API std::string format_bytes(std::size_t bytes);

// Owning memory, aligned to 64 bytes, not initialised. Movable, not copyable. Throws InvalidArgument over the limit.
class SAMEBITS_API Buffer {
public:
    Buffer() = default;
    explicit Buffer(std::size_t bytes);
    ~Buffer();
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace samebits
