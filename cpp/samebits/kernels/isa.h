// The instruction sets the kernels are built for. They change time, never bits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace samebits::kernels {

enum class Isa {
    reference,  // kernels/ref: the law itself, slow; for tests
    generic,    // any CPU of the architecture
    avx2,       // x86-64 with AVX2 + FMA
    avx512,     // x86-64 with AVX-512 F, BW, DQ, VL
    neon,       // AArch64, any
    count,      // how many there are
};

// Those this build has kernels for (SAMEBITS_ISAS in cmake/numerics.cmake).
#if defined(__x86_64__)
#define SAMEBITS_BUILT_ISAS(ISA) ISA(generic) ISA(avx2) ISA(avx512)
#elif defined(__aarch64__)
#define SAMEBITS_BUILT_ISAS(ISA) ISA(generic) ISA(neon)
#else
#define SAMEBITS_BUILT_ISAS(ISA) ISA(generic)
#endif

std::string_view name_of(Isa isa);
// "generic", "avx2", "avx512", "neon" ("reference" for tests). Throws InvalidArgument with the known names.
Isa parse_isa(std::string_view name);
// True when this CPU and operating system can run it and this build contains it.
bool available(Isa isa);
// All that are available, slowest first, reference left out.
std::vector<Isa> available_isas();

// "cpu" and "portable" are all there is yet: NotImplemented for "cuda..." and "native", InvalidArgument for other names.
void check_device(const std::string& device);
void check_engine(const std::string& engine);

}  // namespace samebits::kernels
