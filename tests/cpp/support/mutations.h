// Changed copies of a file: what a bad disk, a cut download and a hostile sender make of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "support/splitmix.h"

namespace samebits::test {

// Words that mean something to one of the readers, and numbers at which arithmetic ends.
inline constexpr std::string_view hostile_words[] = {
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "-9223372036854775808",
    "4294967296",
    "2147483648",
    "4611686018427387904",
    "99999999999999999999999",
    "-1",
    "0",
    "-0",
    "1e400",
    "1e-400",
    "1e39",
    "0x7f",
    "1_000",
    "nan",
    "inf",
    "null",
    "true",
    "False",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "[[",
    "]]",
    "{}",
    "[[[[[[[[[[[[[[[[[[",
    "{a={a={a={a={a={a=",
    ",",
    ":",
    "=",
    ".a.a.a.a.a.a.a",
    "\n",
    "\r\n",
    "#",
    "1979-05-27T07:32:00Z",
    "\xEF\xBB\xBF",
    "\xff",
    "\xED\xA0\x80",
    "\xF4\x90\x80\x80",
    "\\u0000",
    "\\ud800",
    "\x1f\x8b",
    ">f8",
    "|O",
    "F64",
};

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_(seed) {}

    // A copy with one to three changes.
    std::string operator()(std::string_view original) {
        std::string bytes(original);
        for (std::uint64_t changes = below(3) + 1; changes > 0; --changes) change(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_.next() % end); }

    // Half of all places lie in the first 256 bytes: there are the headers.
    std::size_t place(const std::string& bytes) {
        return below((below(2) == 0 ? std::min<std::size_t>(bytes.size(), 256) : bytes.size()) + 1);
    }

    void change(std::string& bytes) {
        const std::size_t at = place(bytes);
        const std::size_t rest = bytes.size() - at;
        const std::size_t length = std::min(rest, below(below(4) == 0 ? 512 : 12) + 1);
        switch (below(9)) {
            case 0: bytes.resize(at); break;
            case 1: bytes.erase(at, length); break;
            case 2: bytes.insert(at, std::string(bytes, at, length)); break;
            case 3: bytes.insert(place(bytes), std::string(bytes, at, length)); break;
            case 4: bytes.insert(at, word()); break;
            case 5: replace_number(bytes, at); break;
            case 6: binary_number(bytes, at); break;
            case 7:
                if (rest > 0) bytes[at] = static_cast<char>(random_.next());
                break;
            default:
                if (rest > 0) bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        }
    }

    std::string_view word() { return hostile_words[below(std::size(hostile_words))]; }

    // The first run of digits from `at` on becomes a word.
    void replace_number(std::string& bytes, std::size_t at) {
        const std::size_t first = std::min(bytes.find_first_of("0123456789", at), bytes.size());
        const std::size_t end = std::min(bytes.find_first_not_of("0123456789", first), bytes.size());
        bytes.replace(first, end - first, word());
    }

    // 2, 4 or 8 bytes become a number at an edge, in either byte order.
    void binary_number(std::string& bytes, std::size_t at) {
        constexpr std::uint64_t edges[] = {0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff, ~0ULL >> 1, ~0ULL};
        const std::uint64_t number = edges[below(std::size(edges))];
        const std::size_t width = std::size_t{2} << below(3);
        const bool big_endian = below(2) == 0;
        for (std::size_t i = 0; i < width && at + i < bytes.size(); ++i)
            bytes[at + i] = static_cast<char>(number >> (8 * (big_endian ? width - 1 - i : i)));
    }

    SplitMix random_;
};

}  // namespace samebits::test
