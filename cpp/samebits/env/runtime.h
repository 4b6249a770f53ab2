// The choices that change time and memory, never bits; and what this process runs on.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "samebits/base/api.h"
#include "samebits/base/memory.h"

namespace samebits::runtime {

struct Options {
    std::optional<int> threads{};               // >= 1
    std::optional<std::string> isa{};           // "generic", "avx2", "avx512", "neon"
    std::optional<std::string> device{};        // "cpu"
    std::optional<std::string> engine{};        // "portable"
    std::optional<MemoryMode> memory{};         // grow, preallocate
    std::optional<std::size_t> memory_limit{};  // bytes; 0 takes the limit away
};

// What SAMEBITS_THREADS, SAMEBITS_ISA or SAMEBITS_MEMORY_LIMIT names is forced by it and stays, whatever is asked here.
// All or nothing: when one value is refused, none is set. Throws InvalidArgument (a rule, or what this machine lacks) or
// NotImplemented (device "cuda", engine "native").
SAMEBITS_API void configure(const Options& options);

// Reads SAMEBITS_DEVICE, _ENGINE, _THREADS, _ISA and _MEMORY_LIMIT now, so that a wrong one is refused at the start.
SAMEBITS_API void check_environment();

struct Device {
    std::string name;         // "cpu"
    std::string description;  // the processor's name
};
SAMEBITS_API std::vector<Device> devices();

// version, profile, engine, class, device, processor, isa, isas, threads, memory mode and figures, compiler: name and text.
SAMEBITS_API std::vector<std::pair<std::string, std::string>> info();

}  // namespace samebits::runtime
