#!/usr/bin/env bash
# Format, lint, types, layers; clang-tidy on what changed since LINT_BASE (default: where this branch left its upstream, else
# the last commit), on everything with LINT_ALL=1. Changes nothing. Needs build/venv and a configured build/release.
set -uo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/venv/bin:$PATH"

status=0
check() {
    local name=$1
    shift
    local start=$SECONDS
    if "$@"; then echo "lint: $name ok ($((SECONDS - start)) s)"; else
        echo "lint: $name FAILED" >&2
        status=1
    fi
}

sources() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do [ -f "$file" ] && echo "$file"; done; }

format() { sources '*.cpp' '*.h' '*.inc' | xargs clang-format --dry-run -Werror; }

tidy() {
    command -v clang-tidy >/dev/null || { echo "lint: no clang-tidy here (apt: clang-tidy); left out"; return 0; }
    local base files
    if [ -n "${LINT_ALL:-}" ]; then files=$(sources '*.cpp'); else
        base=${LINT_BASE:-$(git merge-base HEAD '@{upstream}' 2>/dev/null)}
        if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=HEAD~1; fi
        git rev-parse --quiet --verify "$base^{commit}" >/dev/null || { echo "lint: no earlier commit here; LINT_ALL=1 checks all"; return 0; }
        files=$( { git diff --name-only --diff-filter=d "$base" -- '*.cpp'; git ls-files --others --exclude-standard -- '*.cpp'; } | sort -u)
    fi
    # Only what this build compiles: the command tells clang-tidy the flags.
    local compiled="" file
    for file in $files; do grep -qF "\"$PWD/$file\"" build/release/compile_commands.json && compiled="$compiled $file"; done
    mkdir -p build/lint  # the commands without what only GCC knows
    sed 's/ -fno-gnu-unique//' build/release/compile_commands.json >build/lint/compile_commands.json
    [ -z "$compiled" ] || printf '%s\n' $compiled | xargs -P "$(nproc)" -n 1 clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
}

check clang-format format
check ruff ruff check .
check ruff-format ruff format --check .
check mypy mypy
check layers python -m pytest -q --noconftest tests/python/test_layers.py
check clang-tidy tidy
exit $status
