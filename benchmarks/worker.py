"""A process that holds one contender and is asked by lines of JSON: worker.py CONTENDER --threads N.

{"do": "set_up", "kind": "train", ...} makes a task ready and warm. {"do": "time", "steps": N} does a step that is not counted,
then N, and answers {"seconds": of one step}. {"do": "peak"} answers {"bytes": the most resident memory so far}. An answer with
"error" says what went wrong. The end of the input ends the process.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

Step = Callable[[int], None]  # does so many steps
Task = tuple[Step, str]  # and the settings that were found best


def peak_bytes() -> int:
    """Most resident memory of this process (VmHWM: of this program alone, not of the one that started it)."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) * 1024


def timed(step: Step, steps: int) -> float:
    """Seconds of one of `steps` steps, after one that is not counted."""
    step(1)
    start = time.perf_counter()
    step(steps)
    return (time.perf_counter() - start) / steps


def serve(contender: Any, lines: Any, answer: Callable[[dict[str, Any]], None]) -> None:
    """Answer each line until there are no more. A contender has versions and set_up(kind, **options) -> Task."""
    answer({"versions": contender.versions()})
    step: Step | None = None
    for line in lines:
        request = json.loads(line)
        action = request.pop("do")
        try:
            if action == "set_up":
                step = None  # what was there before goes first
                step, setting = contender.set_up(**request)
                answer({"setting": setting})
            elif action == "time":
                if step is None:
                    raise RuntimeError("[worker] set_up comes before time; got time; set up first")
                answer({"seconds": timed(step, request["steps"])})
            elif action == "peak":
                answer({"bytes": peak_bytes()})
            else:
                raise ValueError(f"[worker] what can be done is set_up, time and peak; got {action!r}; do one of these")
        except Exception as error:  # all of it is told to the one who asked
            answer({"error": f"{type(error).__name__}: {error}"})


def contender_of(name: str, threads: int) -> Any:
    """Import one library and no other: what a process holds is part of what is measured."""
    if name == "samebits":
        import contender_samebits

        return contender_samebits.Contender(threads)
    if name == "keras":
        import contender_keras

        return contender_keras.Contender(threads)
    import contender_torch

    return contender_torch.Contender(threads, compiled=name == "torch.compile")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("contender", choices=["samebits", "torch", "torch.compile", "keras"])
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    out = os.fdopen(os.dup(1), "w")  # what libraries print goes to the error stream
    os.dup2(2, 1)

    def answer(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    serve(contender_of(options.contender, options.threads), sys.stdin, answer)


if __name__ == "__main__":
    main()
