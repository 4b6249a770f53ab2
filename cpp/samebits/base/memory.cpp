#include "samebits/base/memory.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/base/one_per_process.h"

namespace samebits {
namespace {

// Asks for pages of 2 MiB inside the block: with 4 KiB ones a product of 1024^3 spends 2 to 5 % of its time on translating
// addresses. A hint; it takes no byte outside the block.
void ask_for_large_pages([[maybe_unused]] void* p, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
    constexpr std::size_t page = std::size_t{1} << 21;
    void* inside = p;
    std::size_t rest = bytes;
    if (std::align(page, page, inside, rest) != nullptr) madvise(inside, rest / page * page, MADV_HUGEPAGE);
#endif
}

std::byte* take_from_system(std::size_t bytes) {
    void* p = std::aligned_alloc(memory_alignment, bytes);
    if (p == nullptr)
        fail<OutOfMemory>("[memory] the system has no {} left; close something or use a smaller batch", format_bytes(bytes));
    ask_for_large_pages(p, bytes);
    return static_cast<std::byte*>(p);
}

// First fit by address over one block; neighbours merge when freed.
class Block {
public:
    explicit Block(std::size_t bytes) : data_(take_from_system(bytes)), size_(bytes) {
        std::memset(data_, 0, size_);  // touched: the system cannot find later that it has not got it
        free_[0] = size_;
    }
    ~Block() { std::free(data_); }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool holds(const std::byte* p) const { return p >= data_ && p < data_ + size_; }

    std::byte* take(std::size_t bytes) {
        const auto it = std::find_if(free_.begin(), free_.end(), [&](const auto& gap) { return gap.second >= bytes; });
        if (it == free_.end()) return nullptr;
        const auto [offset, gap] = *it;
        free_.erase(it);
        if (gap > bytes) free_[offset + bytes] = gap - bytes;
        return data_ + offset;
    }

    void give(std::byte* p, std::size_t bytes) {
        const auto it = free_.emplace(static_cast<std::size_t>(p - data_), bytes).first;
        if (const auto next = std::next(it); next != free_.end() && it->first + it->second == next->first) {
            it->second += next->second;
            free_.erase(next);
        }
        if (it != free_.begin()) {
            const auto before = std::prev(it);
            if (before->first + before->second == it->first) {
                before->second += it->second;
                free_.erase(it);
            }
        }
    }

private:
    std::byte* data_;
    std::size_t size_;
    std::map<std::size_t, std::size_t> free_;  // offset -> bytes
};

class Memory {
public:
    Memory() {
        if (const char* text = std::getenv("SAMEBITS_MEMORY_LIMIT"); text != nullptr && *text != '\0')
            stats_.limit = parse_bytes(text);
    }

    void configure(MemoryMode mode, std::size_t limit) {
        const std::lock_guard lock(mutex_);
        require(mode != MemoryMode::preallocate || limit > 0,
                "[runtime] memory=\"preallocate\" needs a memory_limit; got none; say how much to take, \"512MB\"");
        require(limit == 0 || stats_.used <= limit,
                "[runtime] memory_limit is below what is in use; got {} with {} in use; free models first or raise it",
                format_bytes(limit), format_bytes(stats_.used));
        const std::size_t reserve = mode == MemoryMode::preallocate ? limit / memory_alignment * memory_alignment : 0;
        if (mode == mode_ && reserve == stats_.reserved) {
            stats_.limit = limit;
            return;
        }
        require(stats_.used == 0 || (reserve == 0 && stats_.reserved == 0),
                "[runtime] a block taken up front cannot be made or changed while memory is in use; got {} in use; "
                "configure memory before making models",
                format_bytes(stats_.used));
        std::unique_ptr<Block> fresh = reserve > 0 ? std::make_unique<Block>(reserve) : nullptr;  // may throw
        block_ = std::move(fresh);
        mode_ = mode;
        stats_.limit = limit;
        stats_.reserved = reserve;
        stats_.peak = stats_.used;
    }

    // Every prediction takes its result here: no message is made unless it is needed, seven sizes in words took 0.35 us.
    std::byte* take(std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        if (stats_.limit != 0 && bytes > stats_.limit - std::min(stats_.used, stats_.limit))
            fail("[memory] over the memory limit; got {} asked with {} of {} in use; raise memory_limit or free models",
                 format_bytes(bytes), format_bytes(stats_.used), format_bytes(stats_.limit));
        std::byte* p = block_ ? block_->take(bytes) : take_from_system(bytes);
        if (p == nullptr)
            fail("[memory] the preallocated block has no gap of {}; got {} of {} in use; raise memory_limit",
                 format_bytes(bytes), format_bytes(stats_.used), format_bytes(stats_.limit));
        stats_.used += bytes;
        stats_.peak = std::max(stats_.peak, stats_.used);
        return p;
    }

    void give(std::byte* p, std::size_t bytes) {
        const std::lock_guard lock(mutex_);
        stats_.used -= bytes;
        if (block_ && block_->holds(p)) {
            block_->give(p, bytes);
        } else {
            std::free(p);
        }
    }

    // A fork() waits for the call that runs, so that the child finds the counts and the gaps whole.
    void before_fork() { mutex_.lock(); }
    void after_fork() { mutex_.unlock(); }
    void in_child() { mutex_.unlock(); }

    MemoryMode mode() {
        const std::lock_guard lock(mutex_);
        return mode_;
    }
    MemoryStats stats() {
        const std::lock_guard lock(mutex_);
        return stats_;
    }
    void reset_peak() {
        const std::lock_guard lock(mutex_);
        stats_.peak = stats_.used;
    }

private:
    std::mutex mutex_;
    MemoryMode mode_ = MemoryMode::grow;
    MemoryStats stats_{};
    std::unique_ptr<Block> block_;
};

constinit OnePerProcess<Memory> the_memory;
const int not_registered = register_for_fork<the_memory>();

Memory& memory() {
    ensure(not_registered == 0, "memory could not register for fork()");
    return the_memory.get();
}

}  // namespace

void configure_memory(MemoryMode mode, std::size_t limit) { memory().configure(mode, limit); }
MemoryMode memory_mode() { return memory().mode(); }
MemoryStats memory_stats() { return memory().stats(); }
void reset_memory_peak() { memory().reset_peak(); }

std::size_t parse_bytes(std::string_view text) {
    const auto refuse = [&]() {
        fail("[runtime] a memory size is a number with B, KB, MB, GB, KiB, MiB or GiB; got \"{}\"; do \"512MB\"", text);
    };
    std::size_t digits = 0;
    double value = 0;
    double scale = 1;
    bool point = false;
    std::size_t i = 0;
    for (; i < text.size() && ((text[i] >= '0' && text[i] <= '9') || (text[i] == '.' && !point)); ++i) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        ++digits;
        value = value * 10 + (text[i] - '0');
        if (point) scale *= 10;
    }
    while (i < text.size() && text[i] == ' ') ++i;
    std::string unit(text.substr(i));
    std::transform(unit.begin(), unit.end(), unit.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    constexpr std::pair<std::string_view, double> units[] = {
        {"", 1},      {"b", 1},        {"kb", 1e3},        {"mb", 1e6},           {"gb", 1e9},
        {"tb", 1e12}, {"kib", 1024.0}, {"mib", 1048576.0}, {"gib", 1073741824.0}, {"tib", 1099511627776.0}};
    const auto* const found = std::find_if(std::begin(units), std::end(units), [&](const auto& u) { return u.first == unit; });
    if (digits == 0 || found == std::end(units)) refuse();
    const double bytes = std::floor(value / scale * found->second);
    if (!(bytes >= 1 && bytes < 4.6e18)) refuse();
    return static_cast<std::size_t>(bytes);
}

std::string format_bytes(std::size_t bytes) {
    const auto b = static_cast<double>(bytes);
    if (bytes < 1024) return fmt::format("{} B", bytes);
    if (b < 1048576.0) return fmt::format("{:.1f} KiB", b / 1024.0);
    if (b < 1073741824.0) return fmt::format("{:.2f} MiB", b / 1048576.0);
    return fmt::format("{:.2f} GiB", b / 1073741824.0);
}

Buffer::Buffer(std::size_t bytes) : size_(bytes) {
    if (bytes > 0) data_ = memory().take(aligned_bytes(bytes));
}
Buffer::~Buffer() {
    if (data_ != nullptr) memory().give(data_, aligned_bytes(size_));
}
Buffer::Buffer(Buffer&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
Buffer& Buffer::operator=(Buffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

}  // namespace samebits
