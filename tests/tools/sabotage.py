"""Breaks the law on purpose and sees the tests turn red: a suite that cannot fail proves nothing.

In build/sabotage the environment variable SAMEBITS_SABOTAGE names a breach of numerics/sabotage.h. Each check below must
pass without one, and fail by its assertions, not by a crash, under those that name it. The table of docs/sabotage.md is made
from the same lists (--write); it must be up to date.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "sabotage"
PAGE = ROOT / "docs" / "sabotage.md"
HEADER = ROOT / "cpp" / "samebits" / "numerics" / "sabotage.h"

# One case of a C++ test, the sample of the proof, or a recipe whose digest is pinned in tests/golden.
TRAINING = "digits.toml"
FUNCTIONS = ("test_functions", "a sample of all inputs is correctly rounded")
MODEL = ("test_model", "train: one digest for every instruction set, thread count and caller's environment")
CAUGHT_BY: dict[str, list[tuple[str, str]]] = {
    "chunk_order": [
        ("test_gemm", "gemm: terms around chunks and segments"),
        ("test_conv2d", "conv2d: terms around chunks and segments"),
        ("test_winograd", "winograd: chunks and segments of channels, more columns than a block"),
        ("test_reduce", "column_sum: rows around chunks and segments"),
    ],
    "segment_order": [("test_conv2d", "conv2d: output pixels around chunks and segments")],
    "split_fma": [
        ("test_gemm", "gemm: every height of a register tile and every tail of a vector"),
        ("test_conv2d", "conv2d: bias and activation"),
        ("test_winograd", "winograd: every instruction set and thread count gives the reference's bits"),
        ("golden", TRAINING),
    ],
    "flush_to_zero": [
        ("test_thread_pool", "FpGuard: FTZ and DAZ are off inside and as found outside"),
        ("test_reduce", "sums of zeros are +0, whatever their signs; subnormals are kept"),
        ("test_thread_pool", "threads: tasks compute in the library's floating-point environment, the caller's comes back"),
    ],
    "ulp_exp": [FUNCTIONS, ("prove_functions", "exp"), ("golden", TRAINING)],
    "ulp_expm1": [FUNCTIONS, ("prove_functions", "expm1")],
    "ulp_log": [FUNCTIONS, ("prove_functions", "log")],
    "ulp_log1p": [FUNCTIONS, ("prove_functions", "log1p")],
    "ulp_tanh": [FUNCTIONS, ("prove_functions", "tanh"), ("golden", "digits_mlp.toml")],
    "ulp_sigmoid": [FUNCTIONS, ("prove_functions", "sigmoid")],
    "ulp_erf": [FUNCTIONS, ("prove_functions", "erf"), ("golden", "digits_halves.toml")],
    "ulp_sinpi": [FUNCTIONS, ("prove_functions", "sinpi")],
    "ulp_cospi": [FUNCTIONS, ("prove_functions", "cospi")],
    "thread_cut": [("test_gemm", "gemm: terms around chunks and segments"), MODEL, ("golden", TRAINING)],
    "dropout_call_order": [
        ("test_dropout", "a sample's mask depends on its position in the logical batch, not on the physical batch"),
        ("golden", TRAINING),
    ],
    "shuffle_by_worker": [("test_order", "the order is one for any number of threads"), MODEL, ("golden", TRAINING)],
    "variance_unbiased": [
        (
            "test_check_norm",
            "BatchNormalization: moving values move once a step, by the batch's biased ones; inference uses them",
        ),
        ("golden", "digits_bn.toml"),
    ],
    "epsilon_moved": [
        ("test_batch_norm", "batch_norm: variance is biased and epsilon stands under the root"),
        ("golden", "digits_bn.toml"),
    ],
}
PROGRAMS = {"golden": "samebits_command"}


def run(check: tuple[str, str], breach: str) -> str:
    """ "green", "red" (assertions failed) or what else happened."""
    program, case = check
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMEBITS_")}
    environment["SAMEBITS_THREADS"] = "3"
    if breach:
        environment["SAMEBITS_SABOTAGE"] = breach
    command: list[str | Path]
    if program == "golden":
        command = [BUILD / "bin" / "samebits", "train", ROOT / "examples" / case, "--quiet"]
    elif program == "prove_functions":
        command = [BUILD / "tests" / "cpp" / "prove" / program, "--every", "65537", case]
    else:
        command = [BUILD / "tests" / "cpp" / program, case.replace(",", r"\,")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    return verdict(check, done)


def verdict(check: tuple[str, str], done: subprocess.CompletedProcess[str]) -> str:
    program, case = check
    if program == "golden":
        pinned: Mapping[str, str] = json.loads((ROOT / "tests" / "golden" / "digests.json").read_text())
        digest = re.search(r"sha256:[0-9a-f]{64}\s*\Z", done.stdout)
        if done.returncode == 0 and digest:
            return "green" if digest[0].strip() == pinned[case] else "red"
    elif program == "prove_functions":
        differences = re.search(r"differences (\d+)", done.stdout)
        if differences and done.returncode == int(differences[1] != "0"):
            return "red" if done.returncode else "green"
    elif done.returncode == 0 and re.search(r"^All tests passed \([1-9]", done.stdout, re.MULTILINE):
        return "green"
    elif done.returncode > 0 and re.search(r"^assertions:.*\b[1-9]\d* failed", done.stdout, re.MULTILINE):
        return "red"
    return f"neither: ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def breaches() -> dict[str, str]:
    """Those of the header, each with what it does."""
    return dict(re.findall(r"^ +X\((\w+)\) +/\* (.*?) \*/", HEADER.read_text(), re.MULTILINE))


def table() -> str:
    lines = ["| breach | what it does | caught by |", "|---|---|---|"]
    for name, what in breaches().items():
        checks = "; ".join(f"`{program}`: {case}" for program, case in CAUGHT_BY[name])
        lines.append(f"| `{name}` | {what} | {checks} |")
    return "\n".join(lines) + "\n"


def page_with_table() -> str:
    return re.sub(r"^\| breach .*\n(\|.*\n)+", lambda _: table(), PAGE.read_text(), flags=re.MULTILINE)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--write", action="store_true", help="write the table of docs/sabotage.md, run nothing")
    arguments.add_argument("breach", nargs="*", help="only these (default: all)")
    options = arguments.parse_args()
    if list(breaches()) != list(CAUGHT_BY):
        sys.exit(f"sabotage: numerics/sabotage.h has {list(breaches())}, this script catches {list(CAUGHT_BY)}")
    if options.write:
        PAGE.write_text(page_with_table())
        return
    if PAGE.read_text() != page_with_table():
        sys.exit("sabotage: the table of docs/sabotage.md is old; do python tests/tools/sabotage.py --write")
    wanted = {name: CAUGHT_BY[name] for name in options.breach or CAUGHT_BY}
    checks = list(dict.fromkeys(check for caught_by in wanted.values() for check in caught_by))
    targets = sorted({PROGRAMS.get(program, program) for program, _ in checks})
    subprocess.run([ROOT / "tests" / "tools" / "build.sh", "sabotage", *targets], check=True)
    runs = [("", check) for check in checks] + [(name, check) for name, caught_by in wanted.items() for check in caught_by]
    wrong = 0
    for breach, check in runs:
        start = time.monotonic()
        got, want = run(check, breach), "red" if breach else "green"
        wrong += got != want
        mark = "ok" if got == want else f"WRONG, wanted {want}"
        print(f"{breach or 'none':18} {got:5} {time.monotonic() - start:5.1f} s  {': '.join(check)}  {mark}", flush=True)
    if wrong:
        sys.exit(f"sabotage: {wrong} of {len(runs)} are not as they must be")
    print(f"{len(runs)} passed, 0 failed")


if __name__ == "__main__":
    main()
