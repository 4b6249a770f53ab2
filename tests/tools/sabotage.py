"""Breaks the law on purpose and sees the tests turn red: a suite that cannot fail proves nothing.

In build/sabotage the environment variable SAMEBITS_SABOTAGE reorders one chunk (chunk_order) or rounds one fma twice
(split_fma). Each test below must fail by its assertions, not by a crash, under each of them, and pass without.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "sabotage"
TESTS = ("test_gemm", "test_conv2d")
BREACHES = ("chunk_order", "split_fma")


def verdict(test: str, breach: str) -> str:
    """Runs one test through ctest: "green", "red" (assertions failed) or what else happened."""
    environment = {name: value for name, value in os.environ.items() if name != "SAMEBITS_SABOTAGE"}
    if breach:
        environment["SAMEBITS_SABOTAGE"] = breach
    command = ["ctest", "--test-dir", BUILD, "--output-on-failure", "--no-tests=error", "--timeout", "300", "-R", f"^{test}$"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return "green"
    failed = re.search(r"^assertions:.*\b([1-9]\d*) failed", done.stdout, re.MULTILINE)
    ended = re.search(rf"{test} \.*\s*\*\*\*(\S+)", done.stdout)
    if failed and ended and ended[1] == "Failed":
        return "red"
    return "neither: " + done.stdout[-2000:]


def main() -> None:
    subprocess.run([ROOT / "tests" / "tools" / "build.sh", "sabotage", *TESTS], check=True)
    wrong = 0
    for breach in ("", *BREACHES):
        want = "red" if breach else "green"
        for test in TESTS:
            got = verdict(test, breach)
            wrong += got != want
            mark = "ok" if got == want else "WRONG"
            print(f"sabotage {breach or 'none':11}  {test:11}  {got:5}  {mark}, wanted {want}", flush=True)
    if wrong:
        sys.exit(f"sabotage: {wrong} of {len(TESTS) * (1 + len(BREACHES))} are not as they must be")
    print(f"{len(TESTS) * (1 + len(BREACHES))} passed, 0 failed")


if __name__ == "__main__":
    main()
