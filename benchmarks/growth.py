"""How the cost of a training step grows with batch, width and depth, ours alone: `make growth`.

Each point is the median of rounds in which all points take turns, on one thread. Draws docs/growth.svg, where the dashed line
is the number of multiply-adds, drawn through the last point, and writes benchmarks/results/growth-<date>-<cpu>.json.
--draw FILE only draws a file that is there.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import machine
from networks import Network, cnn, mlp
from page import DOCS
from results import FOLDER
from turns import Turn, rounds, spread
from worker import timed


class Sweep(NamedTuple):
    model: str
    what: str
    values: tuple[int, ...]
    network: Callable[[int], Network]
    batch: Callable[[int], int]


def deep_mlp(depth: int, width: int = 256) -> Network:
    return mlp(256, *[width] * depth, 10)


def deep_cnn(depth: int, filters: int = 32) -> Network:
    """`depth` convolutions of 16x16 images, none of which makes them smaller."""
    start = cnn(16, 3)
    convolutions = (("conv_norm", filters, 3, 1), ("relu",)) * depth
    return Network(start.input_shape, start.classes, (*convolutions, ("global_average",), ("dense", 10, None)))


SWEEPS = (
    Sweep("MLP 256-256-256-10", "batch", (8, 16, 32, 64, 128, 256, 512), lambda _: deep_mlp(2), lambda batch: batch),
    Sweep("MLP 256-W-W-10, batch 64", "width", (32, 64, 128, 256, 512, 1024), lambda w: deep_mlp(2, w), lambda _: 64),
    Sweep("MLP of D layers of 256, batch 64", "depth", (1, 2, 4, 8, 16), deep_mlp, lambda _: 64),
    Sweep("CNN, 2 layers of 32", "batch", (2, 4, 8, 16, 32, 64), lambda _: deep_cnn(2), lambda batch: batch),
    Sweep("CNN, 2 layers of F, batch 16", "filters", (4, 8, 16, 32, 64, 128), lambda f: deep_cnn(2, f), lambda _: 16),
    Sweep("CNN of D layers of 32, batch 16", "depth", (1, 2, 4, 8, 16), deep_cnn, lambda _: 16),
)


def multiply_adds(network: Network, batch: int) -> int:
    """Of a training step: forward, weight gradients, and input gradients of all layers with weights but the first."""
    total, first = 0, True
    channels, pixels = network.input_shape[-1], 1
    for extent in network.input_shape[:-1]:
        pixels *= extent
    for name, *arguments in network.layers:
        if name not in ("dense", "conv_norm"):
            pixels = 1 if name == "global_average" else pixels
            continue
        window = arguments[1] ** 2 if name == "conv_norm" else 1
        total += (2 if first else 3) * pixels * window * channels * arguments[0]
        channels, first = arguments[0], False
    return batch * total


def measured(count: int, seconds: float) -> list[dict[str, Any]]:
    import samebits
    from contender_samebits import training

    samebits.runtime.configure(threads=1)
    points: list[dict[str, Any]] = []
    turns: dict[str, Turn] = {}
    for sweep in SWEEPS:
        for value in sweep.values:
            network, batch = sweep.network(value), sweep.batch(value)
            name = f"{sweep.model}, {sweep.what} {value}"
            points.append({"model": sweep.model, "what": sweep.what, "value": value, "name": name})
            points[-1]["multiply_adds"] = multiply_adds(network, batch)
            turns[name] = turn_of(training(network, batch), seconds)
    times = rounds(turns, count)
    return [point | {"seconds": list(spread(times[point["name"]]))} for point in points]


def turn_of(step: Callable[[int], None], seconds: float) -> Callable[[], float]:
    """A turn of about `seconds`: so many steps, after one that is not counted."""
    steps = 1
    while (each := timed(step, steps)) * steps < seconds / 4:
        steps *= 4
    steps = max(1, round(seconds / each))
    return lambda: timed(step, steps)


def draw(points: list[dict[str, Any]], path: Path) -> None:
    """The same points give the same file: nothing in it tells of the day."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.hashsalt": "growth", "font.size": 9, "svg.fonttype": "path"}
    from matplotlib import pyplot

    figure, places = pyplot.subplots(2, 3, figsize=(10, 5.5), layout="constrained")
    models = list(dict.fromkeys((point["model"], point["what"]) for point in points))
    for axes, (model, what) in zip(places.flat, models, strict=True):
        here = [point for point in points if (point["model"], point["what"]) == (model, what)]
        x, y = [point["value"] for point in here], [1e3 * point["seconds"][0] for point in here]
        last = here[-1]["multiply_adds"]
        axes.loglog(x, y, "o-", label="measured")
        axes.loglog(x, [y[-1] * point["multiply_adds"] / last for point in here], "--", color="gray", label="multiply-adds")
        axes.set_xticks(x, [str(value) for value in x])
        axes.minorticks_off()
        axes.set(title=model, xlabel=what, ylabel="ms a step")
    places[0, 0].legend(loc="lower right")
    figure.savefig(path, metadata={"Date": None, "Creator": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.1, help="of work in a turn; default 0.1")
    parser.add_argument("--draw", type=Path, metavar="FILE", help="only draw the points of a file")
    options = parser.parse_args()
    if options.draw:
        points = json.loads(options.draw.read_text())["points"]
    else:
        points = measured(options.rounds, options.seconds)
        date, description = time.strftime("%Y-%m-%d"), machine.description()
        run = {"date": date, "commit": machine.commit(), "machine": description, "rounds": options.rounds, "points": points}
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"growth-{date}-{machine.slug(description['cpu'])}.json").write_text(json.dumps(run, indent=1) + "\n")
    draw(points, DOCS / "growth.svg")
    for point in points:
        print(f"{point['name']}: {1e3 * point['seconds'][0]:.4g} ms, {point['multiply_adds']:.3g} multiply-adds")


if __name__ == "__main__":
    main()
