// Memory that a kernel writes: aligned to 64 bytes, full of NaN before, and followed by bytes that must stay as they are.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace samebits::test {

template <class T>
class Guarded {
public:
    explicit Guarded(std::int64_t count)
        : count_(static_cast<std::size_t>(count)), words_((count_ * sizeof(T) + 3) / 4 + 2 * guard, poison) {
        const auto address = reinterpret_cast<std::uintptr_t>(words_.data());
        first_ = (guard * 4 - address % (guard * 4)) / 4;
    }

    T* data() { return reinterpret_cast<T*>(words_.data() + first_); }
    std::span<const T> values() { return {data(), count_}; }

    // No byte before or after the values has changed.
    bool intact() {
        const auto* bytes = reinterpret_cast<const unsigned char*>(words_.data());
        const std::size_t begin = first_ * 4;
        const std::size_t end = begin + count_ * sizeof(T);
        for (std::size_t i = 0; i < words_.size() * 4; ++i)
            if ((i < begin || i >= end) && bytes[i] != 0xff) return false;
        return true;
    }

private:
    static constexpr std::size_t guard = 16;             // words: 64 bytes
    static constexpr std::uint32_t poison = 0xffffffff;  // a NaN; as an integer no valid cell number

    std::size_t count_;
    std::vector<std::uint32_t> words_;
    std::size_t first_;
};

}  // namespace samebits::test
