"""Winograd's tiles beside the direct sums, speed and rounding error: `make winograd`.

Times the passes of 3x3 convolutions on one thread by build/release/benchmarks/conv2d, the three algorithms in turn, and sets
what the profile's table takes (tests/python/law, which PYTHONPATH must name) beside the fastest. Prints tables; --write puts
them into docs/performance.md.
"""

import argparse
import json
import statistics
import subprocess
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import machine
from law.winograd import choose
from page import write_table
from turns import BUILD, rounds

MARKS = ("<!-- winograd -->\n", "<!-- end of winograd -->\n")
PASSES = ("forward", "input_gradient", "weight_gradient")
ALGORITHMS = ("direct", "winograd2", "winograd4")
SIZES = (4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 28, 32, 56)
CHANNELS = ((3, 32), (8, 8), (8, 32), (16, 8), (16, 16), (32, 32), (32, 64), (64, 64), (128, 128), (256, 256))
ERROR_CASES = tuple(f"4,16,{channels},{channels},3,1,1" for channels in (16, 64, 256))


class Case(NamedTuple):
    which: str
    size: int
    c: int
    k: int

    @property
    def text(self) -> str:
        """As conv2d.cpp reads it: as many samples as have about 4096 pixels, at most 32."""
        batch = max(1, min(32, 4096 // self.size**2))
        return f"{self.which},{batch},{self.size},{self.c},{self.k},3,1,1"

    @property
    def taken(self) -> str:
        """The profile's choice; an input gradient is a convolution from k to c channels."""
        c, k = (self.k, self.c) if self.which == "input_gradient" else (self.c, self.k)
        outputs = choose(self.size, self.size, c, k)
        return f"winograd{outputs}" if outputs else "direct"


class Timed(NamedTuple):
    case: Case
    seconds: dict[str, float]

    def over_direct(self, algorithm: str) -> float:
        return self.seconds["direct"] / self.seconds[algorithm]

    @property
    def loss(self) -> float:
        """The time of the profile's choice over that of the fastest, less one."""
        return self.seconds[self.case.taken] / min(self.seconds.values()) - 1

    @property
    def cell(self) -> str:
        numbers = []
        for algorithm in ALGORITHMS[1:]:
            number = f"{self.over_direct(algorithm):.2f}"
            numbers.append(f"**{number}**" if algorithm == self.case.taken else number)
        return ", ".join(numbers) + (" !" if self.loss > 0.1 else "")


CASES = tuple(Case(which, size, c, k) for which in PASSES for size in SIZES for c, k in CHANNELS)


def lines(program: str, *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run([BUILD / "benchmarks" / program, *arguments], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def measured(case: Case, count: int) -> Timed:
    def turn(algorithm: str) -> float:
        return 1e-6 * float(lines("conv2d", "--case", f"{algorithm},{case.text}", "--runs", "5")[0]["us"])

    times = rounds({algorithm: lambda algorithm=algorithm: turn(algorithm) for algorithm in ALGORITHMS}, count)
    return Timed(case, {algorithm: statistics.median(values) for algorithm, values in times.items()})


def speed_tables(all_timed: Sequence[Timed]) -> str:
    """One for each pass: a map's size down, channels across."""
    text = ""
    cells = {timed.case: timed.cell for timed in all_timed}
    for which in PASSES:
        text += f"| {which.replace('_', ' ')} | {' | '.join(f'{c}->{k}' for c, k in CHANNELS)} |\n"
        text += "|---" * (1 + len(CHANNELS)) + "|\n"
        for size in SIZES:
            row = (cells[Case(which, size, c, k)] for c, k in CHANNELS)
            text += f"| {size}x{size} | {' | '.join(row)} |\n"
        text += "\n"
    return text


def summary(all_timed: Sequence[Timed]) -> str:
    good, bad = (sum(timed.loss <= 0.05 for timed in all_timed), sum(timed.loss > 0.1 for timed in all_timed))
    mean = statistics.geometric_mean([timed.over_direct(timed.case.taken) for timed in all_timed])
    lost = statistics.geometric_mean([1 + timed.loss for timed in all_timed]) - 1
    return (
        f"In {good} of {len(all_timed)} cases the profile's choice is the fastest or within 5 % of it; in {bad} (!) it takes"
        f" more than 10 % longer. By the geometric mean of all it is {mean:.2f} times as fast as the direct sums and takes"
        f" {100 * lost:.1f} % longer than the fastest.\n"
    )


def error_table(errors: Sequence[dict[str, Any]]) -> str:
    text = "| channels, pass | direct | F(2x2, 3x3) | F(4x4, 3x3) |\n|---|---|---|---|\n"
    for case in ERROR_CASES:
        for which in PASSES:
            here = {e["algorithm"]: e for e in errors if (e["case"], e["pass"]) == (case, which)}
            row = (f"{here[algorithm]['rms']:.1e}, {here[algorithm]['max']:.1e}" for algorithm in ALGORITHMS)
            text += f"| {case.split(',')[2]}, {which.replace('_', ' ')} | {' | '.join(row)} |\n"
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    all_timed = [measured(case, options.rounds) for case in CASES]
    isa = lines("conv2d", "--case", f"direct,{CASES[0].text}", "--runs", "1")[0]["isa"]
    errors = lines("winograd_error", *ERROR_CASES)
    text = f"{time.strftime('%Y-%m-%d')}, {machine.cpu_name()}, isa {isa}, commit {machine.commit()}, `make winograd`:\n\n"
    text += speed_tables(all_timed) + summary(all_timed) + "\n" + error_table(errors)
    print(text)
    if options.write:
        write_table("performance.md", *MARKS, text)


if __name__ == "__main__":
    main()
