// What every target does with the bytes that libFuzzer makes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "support/hostile.h"

namespace samebits::test {

// Ends the program where a reader of this format does not take the bytes as it must; the sanitizers end it for the rest.
inline int fuzz(std::string_view format, const std::uint8_t* data, std::size_t size) {
    for (const Reader& reader : readers) {
        if (reader.format != format) continue;
        const Taken taken = take(reader, {reinterpret_cast<const char*>(data), size});
        if (taken.complaint.empty()) continue;
        std::fprintf(stderr, "%s: %s\n", std::string(reader.name).c_str(), taken.complaint.c_str());
        std::abort();
    }
    return 0;
}

}  // namespace samebits::test
