#!/usr/bin/env bash
# All tests of build/release: C++ by ctest, Python by pytest (more pytest arguments may follow).
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/venv/bin:$PATH"
export SAMEBITS_BUILD_DIR="$PWD/build/release" PYTHONPATH="$PWD/build/release/python"

status=0
ctest --preset release --parallel "$(nproc)" || status=1
python -m pytest "$@" || status=1
exit $status
