#!/usr/bin/env bash
# Runs every target of build/fuzz (or FUZZ_BUILD) for FUZZ_SECONDS, 60 by default, on good files and what came of them
# before; targets' names may follow. FUZZ_SEED=1 FUZZ_RUNS=5000 makes the same files every time: CI finds what a change broke, and
# make fuzz, each time with others, what nobody knew. A file that breaks a reader is kept beside the corpus and named.
set -uo pipefail
cd "$(dirname "$0")/../.."
build=${FUZZ_BUILD:-build/fuzz}
programs=$build/tests/fuzz
[ $# -gt 0 ] || set -- $(cd tests/fuzz && ls fuzz_*.cpp | sed 's/fuzz_\(.*\)\.cpp/\1/' | grep -v '^seeds$')

status=0
for format in "$@"; do
    folder=$build/corpus/$format
    "$programs/fuzz_seeds" "$format" "$folder" || exit 1
    log=$folder/log
    export ASAN_OPTIONS=quarantine_size_mb=64  # by default 256 MiB of what was freed is kept
    # One file may take 64 MiB at once, 512 MiB in all and 10 s; nothing of a reader depends on longer files than these.
    "$programs/fuzz_$format" -seed="${FUZZ_SEED:-0}" -runs="${FUZZ_RUNS:--1}" -max_total_time="${FUZZ_SECONDS:-60}" -max_len=8192 -rss_limit_mb=512 -malloc_limit_mb=64 -timeout=10 \
        -dict="$folder/dictionary" -artifact_prefix="$folder/" -print_final_stats=1 "$folder/corpus" >"$log" 2>&1
    if [ $? = 0 ]; then
        echo "fuzz: $format ok: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") files, $(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1) branches"
    else
        tail -40 "$log" >&2
        echo "fuzz: $format FAILED; the log is $log" >&2
        status=1
    fi
done
exit $status
