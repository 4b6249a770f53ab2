# What decides bits, for every target of ours: nothing is fused or reordered that the source does not fuse or reorder.
# tests/python/test_isa_objects.py reads the commands and the objects that came of it.
add_library(samebits_numerics INTERFACE)
target_compile_features(samebits_numerics INTERFACE cxx_std_20)
target_compile_options(samebits_numerics INTERFACE -ffp-contract=off -fno-fast-math -fno-unsafe-math-optimizations)

# Every instruction set, and the flags its kernel files are compiled with, and nothing else is. Which of them this build has
# follows the architecture, as in kernels/isa.h.
set(SAMEBITS_ALL_ISAS generic avx2 avx512 neon)
set(SAMEBITS_FLAGS_generic "")
set(SAMEBITS_FLAGS_avx2 -mavx2 -mfma)
set(SAMEBITS_FLAGS_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma
    -mprefer-vector-width=512)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # takes the undefined operand inside its own AVX-512 intrinsics for a mistake (bug 105593)
  list(PREPEND SAMEBITS_FLAGS_avx512 -Wno-maybe-uninitialized -Wno-uninitialized)
endif()
set(SAMEBITS_FLAGS_neon "")  # in the baseline of AArch64
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(SAMEBITS_ISAS generic avx2 avx512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64|ARM64")
  set(SAMEBITS_ISAS generic neon)
else()
  set(SAMEBITS_ISAS generic)
endif()
