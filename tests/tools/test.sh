#!/usr/bin/env bash
# Builds build/release and runs all its tests: C++ by ctest, Python by pytest (more pytest arguments may follow). Prints the time of
# each part at the end.
set -uo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/build/venv/bin:$PATH"
export SAMEBITS_BUILD_DIR="$PWD/build/release" PYTHONPATH="$PWD/build/release/python"

status=0
times=""
timed() {
    local name=$1 start=$SECONDS
    shift
    "$@" || status=1
    times="$times${times:+, }$name $((SECONDS - start)) s"
}

timed build tests/tools/build.sh release all
if [ $status = 0 ]; then
    timed ctest ctest --preset release --parallel "$(nproc)"
    timed pytest python -m pytest "$@"
fi
echo "test: $times"
exit $status
