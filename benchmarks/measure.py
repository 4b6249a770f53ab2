"""How a row of each kind is measured: who takes part, and what the times say."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from machine import caches, cpus
from rows import Row
from turns import ROOT, Process, Turn, best_of, environment, program, rounds, speed_over, spread, steps_for, worker

OURS = "samebits"
PEERS = {
    "train": ("torch", "torch.compile"),
    "predict": ("torch", "torch.compile"),
    "gemm": ("torch",),
    "conv": ("torch",),
    "memory": ("torch", "keras"),
}
LARGE = 400_000_000  # bytes that no cache holds
Record = dict[str, Any]


class Measurer:
    """Keeps one process for each contender and number of threads; a row is asked of all of its contenders in turn."""

    def __init__(self, count: int, seconds: float) -> None:
        self.count, self.seconds = count, seconds
        self.versions: dict[str, str] = {}
        self._workers: dict[tuple[str, int], Process] = {}
        self._shortest: dict[int, float] = {}  # the peak's time so far, by threads

    def measure(self, row: Row) -> list[Record]:
        """The records of a row, one for each number of threads that it is measured with."""
        kinds: dict[str, Callable[[Row], list[Record]]] = {
            "program": self._program,
            "memory": self._memory,
            "scaling": self._scaling,
            "kernel": self._kernel,
        }
        if row.kind in kinds:
            return kinds[row.kind](row)
        return [self._comparison(row, threads) for threads in sorted({1, cpus()})]

    def close(self) -> None:
        for process in self._workers.values():
            process.close()
        self._workers.clear()

    def _worker(self, contender: str, threads: int) -> Process:
        key = (contender, threads)
        if key not in self._workers or self._workers[key].ended:
            self._workers[key] = worker(contender, threads)
            self.versions |= self._workers[key].told["versions"]
        return self._workers[key]

    def _asked(self, contender: str, threads: int, request: dict[str, Any]) -> tuple[Turn, str]:
        """A turn of a worker that was set up for a task, and its settings."""
        process = self._worker(contender, threads)
        setting = process.ask({"do": "set_up", **request})["setting"]
        steps = steps_for(process, self.seconds)
        return lambda: float(process.ask({"do": "time", "steps": steps})["seconds"]), setting

    def _without_cores(self, threads: int) -> Callable[[Mapping[str, float]], bool]:
        """Whether the machine did not have the cores in a round: the peak was under 0.85 of the highest of this run."""

        def disturbed(times: Mapping[str, float]) -> bool:
            self._shortest[threads] = min(times["fma"], self._shortest.get(threads, times["fma"]))
            return times["fma"] > self._shortest[threads] / 0.85

        return disturbed

    def _comparison(self, row: Row, threads: int) -> Record:
        """Ours, then each peer, then what the machine can do, round after round."""
        own: list[Process] = [program("machine", case, threads) for case in ("fma", f"triad,{LARGE}")]
        turns: dict[str, Turn] = {}
        settings: dict[str, str] = {}
        failed: dict[str, str] = {}
        if row.kind in ("gemm", "conv"):
            own.append(program(*_case(row), threads))
            turns[OURS], settings[OURS] = _turn(own[-1]), f"the C++ kernel, {own[-1].told['isa']}"
        else:
            turns[OURS], settings[OURS] = self._asked(OURS, threads, {"kind": row.kind, **row.options})
        for peer in PEERS[row.kind]:
            try:
                turns[peer], settings[peer] = self._asked(peer, threads, {"kind": row.kind, **row.options})
            except RuntimeError as error:  # the others can still be compared
                failed[peer] = str(error)
        # The peak comes last: threads of a peer may spin for a while after its turn.
        times = rounds(turns | {"triad": _turn(own[1]), "fma": _turn(own[0])}, self.count, self._without_cores(threads))
        fma, triad = (own[i].told[what] / statistics.median(times.pop(name)) for i, what, name in _MACHINE)
        flops = own[2].told["flops"] if len(own) > 2 else None
        for process in own:
            process.close()
        record = compared(row, threads, times) | {"settings": settings, "fma_gflops": fma * 1e-9, "triad_gbs": triad * 1e-9}
        if flops is not None:
            record["part_of_peak"] = flops / record["ours"].median / fma
            record["reached"] = record["reached"] and record["part_of_peak"] >= (row.of_peak or 0)
        return record | ({"failed": failed} if failed else {})

    def _program(self, row: Row) -> list[Record]:
        """Whole processes on all cores: a script of examples/colab_question as it stands, and with its import turned back."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            source = ROOT / "examples" / "colab_question"
            subprocess.run([sys.executable, source / "make_data.py"], cwd=folder, check=True, capture_output=True)
            script = source / f"{row.options['program']}_tf.py"
            shutil.copy(script, folder / "ours.py")
            (folder / "theirs.py").write_text(with_tensorflow(script.read_text()))
            turns = {OURS: _process_turn(folder, "ours.py"), "tensorflow": _process_turn(folder, "theirs.py")}
            for turn in turns.values():  # the first run reads everything from the disk
                turn()
            times = rounds(turns, self.count)
        return [compared(row, cpus(), times)]

    def _memory(self, row: Row) -> list[Record]:
        """Processes that do nothing else, one after the other; three rounds, since this hardly varies."""
        options = {"network": row.options["network"], "batch": row.options["batch"]}

        idle: dict[str, int] = {}

        def turn(contender: str) -> float:
            process = worker(contender, cpus())
            self.versions |= process.told["versions"]
            idle[contender] = process.ask({"do": "peak"})["bytes"]
            process.ask({"do": "set_up", "kind": "train", **options})
            process.ask({"do": "time", "steps": row.options["steps"]})
            peak = float(process.ask({"do": "peak"})["bytes"])
            process.close()
            return peak

        values = rounds({name: partial(turn, name) for name in (OURS, *PEERS["memory"])}, 3)
        return [compared(row, cpus(), values) | {"idle": idle}]

    def _scaling(self, row: Row) -> list[Record]:
        """Our training and torch's large product with one thread and with two, in the same rounds."""
        if cpus() < 2:
            return []
        turns: dict[str, Turn] = {}
        for threads in (1, 2):
            turns[f"{OURS} {threads}"], _ = self._asked(OURS, threads, {"kind": "train", **row.options})
            size = {"m": 2048, "n": 2048, "k": 2048}
            turns[f"torch.mm {threads}"], _ = self._asked("torch", threads, {"kind": "gemm", **size})
        fma = program("machine", "fma", 2)
        times = rounds(turns | {"fma": _turn(fma)}, self.count, self._without_cores(2))
        fma.close()
        times.pop("fma")
        return [scaled(row, times)]

    def _kernel(self, row: Row) -> list[Record]:
        """A kernel on one thread beside the FMA peak, and a triad over as many bytes as the kernel moves."""
        kernel = program(row.options["op"], row.options["case"], 1)
        moved = max(int(kernel.told["bytes"]), 12_288)
        fma, triad = program("machine", "fma", 1), program("machine", f"triad,{moved}", 1)
        times = rounds({OURS: _turn(kernel), "fma": _turn(fma), "triad": _turn(triad)}, self.count, self._without_cores(1))
        for process in (kernel, fma, triad):
            process.close()
        return [roofline(row, times, kernel.told, fma.told["flops"], triad.told["bytes"], caches())]


_MACHINE = ((0, "flops", "fma"), (1, "bytes", "triad"))  # process, what it told, name of its times


def _turn(process: Process) -> Turn:
    return lambda: float(process.ask({})["seconds"])


def _process_turn(folder: Path, script: str) -> Turn:
    def turn() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, script], cwd=folder, env=environment(), check=True, capture_output=True)
        return time.perf_counter() - start

    return turn


def _case(row: Row) -> tuple[str, str]:
    """The program of cpp/ and its case for a row of the kind gemm or conv."""
    o = row.options
    if row.kind == "gemm":
        return "gemm", f"nn,{o['m']},{o['n']},{o['k']}"
    sizes = ",".join(str(o[name]) for name in ("n", "size", "c", "k", "window", "stride", "padding"))
    return "conv2d", f"auto,{o['direction']},{sizes}"


def with_tensorflow(script: str) -> str:
    """A script of examples/colab_question with its one import changed back."""
    ours = "import samebits.compat.tf as tf\n"
    if script.count(ours) != 1:
        raise ValueError(
            f"[bench] a script has one line {ours.strip()!r}; got {script.count(ours)}; see examples/colab_question"
        )
    return script.replace(ours, "import tensorflow as tf\n")


def compared(row: Row, threads: int, times: dict[str, list[float]]) -> Record:
    """A record of times, or of bytes, with the best peer and our speed over it (of bytes: our part of theirs)."""
    if len(times) < 2:
        raise RuntimeError(f"[bench] a row needs a peer; got {list(times)} for {row.name}; see why the others failed")
    best = best_of(times, OURS)
    memory = row.kind == "memory"
    speed = speed_over(times[OURS], times[best]) if memory else speed_over(times[best], times[OURS])
    reached = speed.median <= row.goal if memory else speed.median >= row.goal
    return {
        **_head(row, threads, times),
        "ours": spread(times[OURS]),
        "best": best,
        "theirs": spread(times[best]),
        "speed": speed,
        "reached": reached,
    }


def scaled(row: Row, times: dict[str, list[float]]) -> Record:
    """A record of our speed with two threads over one, beside torch.mm's; the goal holds where torch.mm gains 1.9."""
    ours, theirs = (speed_over(times[f"{name} 1"], times[f"{name} 2"]) for name in (OURS, "torch.mm"))
    reached = None if theirs.median < 1.9 and ours.median < row.goal else ours.median >= row.goal
    return {
        **_head(row, 2, times),
        "ours": ours,
        "best": "torch.mm 2048^3",
        "theirs": theirs,
        "speed": ours,
        "reached": reached,
    }


def roofline(
    row: Row, times: dict[str, list[float]], told: dict[str, Any], peak_flops: float, triad_bytes: float, levels: dict[str, int]
) -> Record:
    """A record of what part of the FMA peak and of the bandwidth at its size a kernel reaches, and what bounds it."""
    each, fma, triad = (statistics.median(times[name]) for name in (OURS, "fma", "triad"))
    flops, moved = told["flops"], told["bytes"]
    of_peak, of_bandwidth = (flops / each) / (peak_flops / fma), (moved / each) / (triad_bytes / triad)
    level = next((name for name, size in levels.items() if moved <= size), "memory")
    if max(of_peak, of_bandwidth) < 0.5:
        bound = row.options["otherwise"] or "neither"
    else:
        bound = "multiply-adds" if of_peak >= of_bandwidth else f"bandwidth of {level}"
    return {
        **_head(row, 1, times),
        "ours": spread(times[OURS]),
        "gflops": flops / each * 1e-9,
        "of_peak": of_peak,
        "gbs": moved / each * 1e-9,
        "of_bandwidth": of_bandwidth,
        "level": level,
        "bound": bound,
    }


def _head(row: Row, threads: int, times: dict[str, list[float]]) -> Record:
    return {
        "row": row.name,
        "kind": row.kind,
        "work": row.work,
        "threads": threads,
        "goal": row.goal,
        "of_peak_goal": row.of_peak,
        "times": times,
    }
