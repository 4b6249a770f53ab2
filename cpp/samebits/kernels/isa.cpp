#include "samebits/kernels/isa.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits::kernels {
namespace {

// By Isa.
constexpr std::string_view names[] = {"reference", "generic", "avx2", "avx512", "neon"};
static_assert(std::size(names) == static_cast<std::size_t>(Isa::count), "every Isa has a name");

}  // namespace

std::string_view name_of(Isa isa) { return names[static_cast<std::size_t>(isa)]; }

Isa parse_isa(std::string_view name) {
    const auto* const found = std::find(std::begin(names), std::end(names), name);
    if (found != std::end(names)) return static_cast<Isa>(found - std::begin(names));
    fail("[runtime] isa must be {}; got \"{}\"; choose one of them", list_of(std::span(names).subspan(1)), name);
}

bool available(Isa isa) {
#if defined(__x86_64__)
    if (isa == Isa::avx2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == Isa::avx512)
        return available(Isa::avx2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#elif defined(__aarch64__)
    if (isa == Isa::neon) return true;  // every AArch64 CPU has it
#endif
    return isa == Isa::reference || isa == Isa::generic;
}

std::vector<Isa> available_isas() {
    std::vector<Isa> isas;
#define SAMEBITS_APPEND(isa) \
    if (available(Isa::isa)) isas.push_back(Isa::isa);
    SAMEBITS_BUILT_ISAS(SAMEBITS_APPEND)
    return isas;
}

void check_device(const std::string& device) {
    if (device == "cpu") return;
    require<NotImplemented>(device.rfind("cuda", 0) != 0,
                            "[runtime] device \"{}\" is not implemented yet; got device=\"{}\"; use \"cpu\"", device, device);
    fail("[runtime] unknown device; got device=\"{}\"; use \"cpu\"", device);
}

void check_engine(const std::string& engine) {
    if (engine == "portable") return;
    require<NotImplemented>(engine != "native",
                            "[runtime] engine \"native\" is not implemented yet; got engine=\"native\"; use {}",
                            "\"portable\"");
    fail("[runtime] unknown engine; got engine=\"{}\"; use \"portable\"", engine);
}

}  // namespace samebits::kernels
