#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures build/PRESET, then builds the targets (none: configures only).
# With ninja and ccache where they are; with the Python of build/venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=$1
shift
export PATH="$PWD/build/venv/bin:$PATH" CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

options=(-DPython_EXECUTABLE="$PWD/build/venv/bin/python" ${SAMEBITS_CMAKE_OPTIONS:-})
# Under sanitizers GCC warns of its own instrumentation, so there warnings stay warnings; Clang has others than GCC.
case $preset in
    asan | tsan | fuzz) ;;
    *) if [ -n "${CI:-}" ]; then options+=(-DSAMEBITS_WERROR=ON); fi ;;
esac
mkdir -p "build/$preset"
log="build/$preset/configure.log"
if ! [ -f "build/$preset/CMakeCache.txt" ]; then
    if command -v ninja >/dev/null; then export CMAKE_GENERATOR=Ninja; fi
    if command -v ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache; fi
fi
cmake --preset "$preset" "${options[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
if [ $# -gt 0 ]; then
    grep '^-- samebits:' "$log"
    cmake --build "build/$preset" --parallel "$(nproc)" --target "$@"
fi
