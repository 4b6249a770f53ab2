#include "samebits/env/runtime.h"

#include <cstdlib>
#include <fstream>

#include "samebits/base/check.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/isa.h"
#include "samebits/kernels/registry.h"
#include "samebits/version.h"

namespace samebits::runtime {
namespace {

std::string environment(const char* name) {
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
}

std::string processor() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.rfind("model name", 0) == 0 && line.find(": ") != std::string::npos) return line.substr(line.find(": ") + 2);
    return "unknown";
}

std::string machine() {
#if defined(__x86_64__)
    return "x86-64";
#elif defined(__aarch64__)
    return "AArch64";
#else
    return "other";
#endif
}

std::string isas() {
    std::string text;
    for (const kernels::Isa isa : kernels::available_isas())
        text += (text.empty() ? "" : ", ") + std::string(kernels::name_of(isa));
    return text;
}

}  // namespace

void check_environment() {
    kernels::current_isa();
    thread_count();
    memory_stats();
}

void configure(const Options& options) {
    // Everything is checked before anything is set; memory last, for it can still refuse.
    if (options.device) kernels::check_device(*options.device);
    if (options.engine) kernels::check_engine(*options.engine);
    const int threads = options.threads.value_or(thread_count());
    check_thread_count(threads);
    const kernels::Isa isa = options.isa ? kernels::parse_isa(*options.isa) : kernels::current_isa();
    kernels::table(isa);
    // The environment forces a choice on an unchanged program: what it names stays.
    const bool limit_forced = !environment("SAMEBITS_MEMORY_LIMIT").empty();
    if (options.memory || (options.memory_limit && !limit_forced))
        configure_memory(options.memory.value_or(memory_mode()),
                         limit_forced ? memory_stats().limit : options.memory_limit.value_or(memory_stats().limit));
    if (options.threads && environment("SAMEBITS_THREADS").empty()) set_thread_count(threads);
    if (options.isa && environment("SAMEBITS_ISA").empty()) kernels::force(isa);
}

std::vector<Device> devices() { return {{"cpu", processor()}}; }

std::vector<std::pair<std::string, std::string>> info() {
    const MemoryStats memory = memory_stats();
    return {{"version", version},
            {"profile", std::to_string(profile)},
            {"engine", "portable"},
            {"class", "portable"},
            {"device", "cpu"},
            {"machine", machine()},
            {"processor", processor()},
            {"isa", std::string(kernels::name_of(kernels::current_isa()))},
            {"isas", isas()},
            {"threads", std::to_string(thread_count())},
            {"memory", memory_mode() == MemoryMode::grow ? "grow" : "preallocate"},
            {"memory_limit", memory.limit == 0 ? "none" : std::to_string(memory.limit)},
            {"memory_used", std::to_string(memory.used)},
            {"memory_peak", std::to_string(memory.peak)},
            {"memory_reserved", std::to_string(memory.reserved)},
            {"compiler", __VERSION__}};
}

}  // namespace samebits::runtime
