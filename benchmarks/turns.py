"""Contenders in processes of their own, and rounds in which they take turns."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
BUILD = ROOT / "build" / "release"
PAUSE = 3.0  # seconds, for what disturbs to end


def environment(threads: int | None = None) -> dict[str, str]:
    """The variables of a contender: our module is found, and no library makes more threads than it is told to."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAMEBITS_")}
    kept |= {"PYTHONPATH": str(BUILD / "python"), "CUDA_VISIBLE_DEVICES": "-1", "TORCHINDUCTOR_COMPILE_THREADS": "1"}
    if threads is not None:
        kept |= {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads)}
    return kept | ({"SAMEBITS_ISA": os.environ["SAMEBITS_ISA"]} if "SAMEBITS_ISA" in os.environ else {})


class Process:
    """A program that answers each line of its input with a line of JSON; its first line says what it is."""

    def __init__(self, command: Sequence[str | Path], threads: int | None = None) -> None:
        self.command = [str(part) for part in command]
        self._process = subprocess.Popen(
            self.command, env=environment(threads), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.told = self._answer()

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise RuntimeError(f"[bench] a contender failed; got {answer['error']} from {self.command}; run it alone")
        return answer

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> None:
        self._process.communicate()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.close()
            got = f"exit status {self._process.returncode} from {self.command}"
            raise RuntimeError(f"[bench] a contender must not end by itself; got {got}; run it alone")
        answer: dict[str, Any] = json.loads(line)
        return answer


def program(op: str, case: str, threads: int) -> Process:
    """A program of cpp/ that times one case."""
    return Process([BUILD / "benchmarks" / op, "--case", case, "--threads", str(threads), "--serve"])


def worker(contender: str, threads: int) -> Process:
    return Process([sys.executable, FOLDER / "worker.py", contender, "--threads", str(threads)], threads)


Turn = Callable[[], float]  # times once, in seconds of one step


def steps_for(process: Process, seconds: float) -> int:
    """How many steps take about `seconds`; the task is warm afterwards."""
    steps, each = 1, 0.0
    while steps < 10_000_000:
        each = process.ask({"do": "time", "steps": steps})["seconds"]
        if each * steps >= seconds / 4:
            break
        steps *= 4
    return max(1, round(seconds / each))


def rounds(
    turns: Mapping[str, Turn], count: int, disturbed: Callable[[Mapping[str, float]], bool] | None = None
) -> dict[str, list[float]]:
    """Each contender once a round, always in the same order; the times of each by round.

    A round that was disturbed is not counted; one more follows after a pause, up to twelve in all.
    """
    times: dict[str, list[float]] = {name: [] for name in turns}
    again = 12
    while min(map(len, times.values())) < count:
        this = {name: turn() for name, turn in turns.items()}
        if disturbed is not None and again > 0 and disturbed(this):
            again -= 1
            time.sleep(PAUSE)
            continue
        for name, value in this.items():
            times[name].append(value)
    return times


class Spread(NamedTuple):
    median: float
    low: float  # quartiles
    high: float


def spread(values: Sequence[float]) -> Spread:
    if len(values) < 2:
        return Spread(values[0], values[0], values[0])
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median, low, high)


def best_of(times: Mapping[str, Sequence[float]], ours: str) -> str:
    """The peer with the smallest median."""
    peers = {name: statistics.median(values) for name, values in times.items() if name != ours}
    return min(peers, key=lambda name: peers[name])


def speed_over(theirs: Sequence[float], ours: Sequence[float]) -> Spread:
    """Our speed over theirs: the ratio of the medians, and the quartiles of the ratios of the rounds."""
    by_round = spread([b / a for a, b in zip(ours, theirs, strict=True)])
    return by_round._replace(median=statistics.median(theirs) / statistics.median(ours))
