#!/usr/bin/env bash
# Makes a machine with a compiler, CMake and Python >= 3.11 ready: setup.sh [GROUP]
# C++ libraries by apt-get where that is allowed, else by pip; Python packages into build/venv, those of bench, keras, notebook,
# docs and wheel into build/venv-<name>. Says what it installs in one line, what is missing in another. Does nothing when it has already done
# it: the stamp names this script and its inputs.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { echo "setup: $*"; }

requirements() { # of dependency groups
    build/venv/bin/python - "$@" <<'PYTHON'
import sys
import tomllib

with open("pyproject.toml", "rb") as file:
    groups = tomllib.load(file)["dependency-groups"]
print(" ".join(requirement for name in sys.argv[1:] for requirement in groups[name]))
PYTHON
}

# What is heavy or for one job alone has an environment of its own, with the Python that the module is built for.
case ${1:-} in bench | keras | notebook | docs | wheel)
    "$0"
    venv="build/venv-$1"
    stamp="$venv/.ready-$(cat "$0" pyproject.toml build/venv/pyvenv.cfg | cksum | cut -d' ' -f1)"
    if [ -e "$stamp" ]; then exit 0; fi
    wanted=$(requirements "$1")
    say "installing by pip into $venv: $wanted"
    build/venv/bin/python -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check $wanted || {
        say "one of these may have no package for $(build/venv/bin/python --version) yet; name another: make PYTHON=..." >&2
        exit 1
    }
    touch "$stamp"
    say "ready: $venv"
    exit 0
    ;;
esac

groups="build test"
apt="libfmt-dev nlohmann-json3-dev libtomlplusplus-dev catch2 libeigen3-dev libmpfr-dev ninja-build"
if [ "${1:-}" = lint ]; then
    groups="$groups lint"
    apt="$apt clang-tidy"
elif [ "${1:-}" = aarch64 ]; then
    apt="$apt g++-aarch64-linux-gnu qemu-user"
elif [ "${1:-}" = fuzz ]; then
    apt="$apt clang libclang-rt-dev"
elif [ "${1:-}" = compilers ]; then
    apt="$apt clang g++-11"
fi

# One stamp for each argument, any of which holds for none.
stamp="build/venv/.ready-$(cat "$0" pyproject.toml | cksum | cut -d' ' -f1)"
if compgen -G "$stamp${1:+-$1}*" >/dev/null; then exit 0; fi

python=""
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "no Python >= 3.11 found; install one (apt: python3) or name it: make PYTHON=/path/to/python3.12 ..." >&2
    exit 1
fi
if ! command -v "${CXX:-c++}" >/dev/null; then
    say "no C++ compiler found; install one (apt: g++) or name it: make CXX=/path/to/g++ ..." >&2
    exit 1
fi

# Debian's Python comes in pieces.
version=$("$python" -c 'import sys; print(f"{sys.version_info[0]}.{sys.version_info[1]}")')
"$python" -c 'import ensurepip, venv' 2>/dev/null || apt="$apt python$version-venv"
"$python" -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null || apt="$apt python$version-dev"

missing=""
if command -v apt-get >/dev/null; then
    for package in $apt; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || missing="$missing $package"
    done
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    if [ -n "$missing" ] && { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
        say "installing by apt-get:$missing"
        log=$(mktemp)
        { $as_root apt-get update -qq &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
            >"$log" 2>&1 && missing="" || { tail -3 "$log" >&2; say "apt-get failed; going on with pip" >&2; }
        rm -f "$log"
    fi
else
    missing=" $apt"
fi

# What pip can stand in for. CMake itself too, where the system's is too old.
pip=""
for package in $missing; do
    case $package in
        libfmt-dev) pip="$pip cmeel-fmt" ;;
        nlohmann-json3-dev) pip="$pip nlohmann-json" ;;
        libeigen3-dev) pip="$pip cmeel-eigen" ;;
        ninja-build) command -v ninja >/dev/null || pip="$pip ninja" ;;
        libtomlplusplus-dev) say "toml++ is missing (apt: libtomlplusplus-dev); CMake will download it" ;;
        catch2) say "Catch2 is missing (apt: catch2); CMake will download it" ;;
        libmpfr-dev) say "MPFR is missing (apt: libmpfr-dev); the functions are not compared with it" ;;
        g++-aarch64-linux-gnu | qemu-user | clang | libclang-rt-dev | g++-11) ;;  # said below
        clang-tidy) command -v clang-tidy >/dev/null || say "clang-tidy is missing (apt: clang-tidy); make lint goes without it" ;;
        *) say "$package is missing; if the next step fails, install it" ;;
    esac
done
cmake=$(cmake --version 2>/dev/null | sed -n '1s/.* //p')
[ "$(printf '%s\n' 3.25 "${cmake:-0}" | sort -V | head -1)" = 3.25 ] || pip="$pip cmake>=3.25"

if ! [ -x build/venv/bin/python ] || ! build/venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear build/venv
fi
wanted=$(requirements $groups)
say "installing by pip into build/venv: $wanted$pip"
build/venv/bin/python -m pip install --quiet --disable-pip-version-check $wanted $pip
if [ "${1:-}" = aarch64 ]; then
    for tool in aarch64-linux-gnu-g++ qemu-aarch64; do
        if ! command -v $tool >/dev/null; then
            say "$tool is missing; install it (apt: g++-aarch64-linux-gnu qemu-user)" >&2
            exit 1
        fi
    done
elif [ "${1:-}" = compilers ]; then
    for tool in ${COMPILERS:-g++-11 clang++}; do
        if ! command -v "$tool" >/dev/null; then
            say "$tool is missing; install it (apt: g++-11 clang) or name others: make compilers COMPILERS=..." >&2
            exit 1
        fi
    done
elif [ "${1:-}" = fuzz ]; then
    if ! echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
        clang++ -x c++ -fsanitize=fuzzer,address,undefined - -o build/venv/fuzzer-works; then
        say "Clang with libFuzzer is missing; install it (apt: clang libclang-rt-dev)" >&2
        exit 1
    fi
fi
find build/venv -maxdepth 1 -name '.ready-*' ! -name "${stamp##*/}*" -delete
touch "$stamp${1:+-$1}"
say "ready: Python $version in build/venv"
