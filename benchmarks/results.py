"""The file of a run, benchmarks/results/<date>-<cpu>.json, and the tables of docs/performance.md made of it."""

import json
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from machine import slug
from page import write_table
from rows import GROUPS, ROWS, Row
from turns import Spread

FOLDER = Path(__file__).resolve().parent / "results"
MARKS = {
    "speed": ("<!-- speed -->\n", "<!-- end of speed -->\n"),
    "roofline": ("<!-- roofline -->\n", "<!-- end of roofline -->\n"),
    "machines": ("<!-- machines -->\n", "<!-- end of machines -->\n"),
}
QUIET = 0.2  # CPUs that other programs may keep busy
SAME = ("date", "commit", "machine")  # of runs whose rows may stand in one file
Results = dict[str, Any]


def path_of(results: Results) -> Path:
    return FOLDER / f"{results['date']}-{slug(results['machine']['cpu'])}.json"


def read(path: Path) -> Results:
    results: Results = json.loads(path.read_text())
    return results


def write(results: Results, path: Path) -> None:
    """Whole or not at all; numbers with six digits, one record a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {key: value for key, value in results.items() if key != "records"}
    records = ",\n".join("  " + json.dumps(rounded(record)) for record in results["records"])
    text = json.dumps(head, indent=1).removesuffix("\n}") + ',\n "records": [\n' + records + "\n ]\n}\n"
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(item) for item in value]
    return value


def merged(old: Results | None, new: Results) -> Results:
    """The rows of an earlier run with those measured anew put in their place. ValueError when the runs are not alike."""
    if old is None:
        return new
    for key in SAME:
        if old[key] != new[key]:
            raise ValueError(f"[bench] rows go into a file of the same {key}; got {new[key]} for {old[key]}; do a whole run")
    measured = {record["row"] for record in new["records"]}
    kept = [record for record in old["records"] if record["row"] not in measured]
    return {**new, "versions": old["versions"] | new["versions"], "records": in_order([*kept, *new["records"]])}


def in_order(records: Sequence[Results]) -> list[Results]:
    """As ROWS stand; one row's by threads."""
    places = {row.name: place for place, row in enumerate(ROWS)}
    return sorted(records, key=lambda record: (places[record["row"]], record["threads"]))


def duration(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= scale or unit == "us":
            return f"{seconds / scale:.3g} {unit}" if seconds < 1000 * scale else f"{seconds / scale:.0f} {unit}"
    raise AssertionError(seconds)


def _absolute(kind: str, value: float) -> str:
    if kind == "memory":
        return f"{value / 1e6:.0f} MB"
    return f"{value:.2f}x" if kind == "scaling" else duration(value)


def _factor(value: float) -> str:
    return f"{value:.0f}x" if value >= 100 else f"{value:.1f}x" if value >= 10 else f"{value:.2f}x"


def _disturbed(records: Sequence[Results]) -> str:
    """Which rows other programs took part in, where any did."""
    names = list(dict.fromkeys(record["work"] for record in records if record.get("others", 0.0) > QUIET))
    if not names:
        return ""
    which = "all rows" if len(names) == len({record["work"] for record in records}) else "; ".join(names)
    return f"\nOther programs kept more than {QUIET} CPUs busy around: {which}. Those times say little.\n"


def _answer(reached: bool | None) -> str:
    return "does not apply" if reached is None else "yes" if reached else "**no**"


def _threads(record: Results) -> str:
    return f", {record['threads']} thread{'s' if record['threads'] > 1 else ''}"


def line(record: Results) -> str:
    """A row of the table: work | ours | best peer | our speed over the best | goal | reached."""
    kind, speed = record["kind"], Spread(*record["speed"])
    goal = f"{'<=' if kind == 'memory' else '>='} {record['goal']:g}x"
    ours, theirs = (_absolute(kind, record[who][0]) for who in ("ours", "theirs"))
    if record.get("of_peak_goal"):
        goal += f", >= {100 * record['of_peak_goal']:.0f} % of peak"
        ours += f", {100 * record['part_of_peak']:.0f} % of peak"
    setting = record.get("settings", {}).get(record["best"], "")
    best = f"{record['best']}{f' {setting}' if setting in ('NCHW', 'channels_last') else ''}"
    threads = "" if kind == "scaling" else _threads(record)
    range_ = f"{_factor(speed.low)} to {_factor(speed.high)}"
    cells = [record["work"] + threads, ours, f"{theirs} ({best})", f"**{_factor(speed.median)}** ({range_})", goal]
    return f"| {' | '.join([*cells, _answer(record['reached'])])} |\n"


def group_lines(records: Sequence[Results]) -> str:
    """A row for each goal of a geometric mean, and each number of threads."""
    lines = ""
    for group in GROUPS:
        for threads in sorted({record["threads"] for record in records if record["kind"] == group.kind}):
            speeds = [r["speed"][0] for r in records if r["kind"] == group.kind and r["threads"] == threads]
            wanted = sum(row.kind == group.kind for row in ROWS)
            mean = geometric_mean(speeds)
            work = f"{group.work} of {len(speeds)}{'' if len(speeds) == wanted else f' (of {wanted})'}, {threads} thread"
            cells = [work + ("s" if threads > 1 else ""), "", "", f"**{_factor(mean)}**", f">= {group.goal:g}x"]
            lines += f"| {' | '.join([*cells, _answer(mean >= group.goal)])} |\n"
    return lines


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(sum(math.log(value) for value in values) / len(values))


def missing(results: Results) -> list[Row]:
    there = {record["row"] for record in results["records"]}
    return [row for row in ROWS if row.name not in there]


def described(results: Results) -> str:
    """What the numbers were measured on, in a paragraph."""
    machine = results["machine"]
    caches = ", ".join(f"{name} {size // 1024} KiB" for name, size in machine["caches"].items())
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items() if name != "torch libraries")
    return (
        f"{results['date']}, {machine['cpu']}, {machine['cpus']} CPUs ({caches}), {machine['system']}, {machine['compiler']},"
        f" Python {machine['python']}; {versions}; commit {results['commit']}, `make bench`:"
    )


def speed_table(results: Results) -> str:
    records = [record for record in results["records"] if record["kind"] != "kernel"]
    table = described(results) + "\n\n"
    table += "| work | ours | best peer | our speed over the best (quartiles) | goal | reached |\n|---|---|---|---|---|---|\n"
    table += "".join(line(record) for record in records) + group_lines(records)
    absent = [row.work for row in missing(results) if row.kind != "kernel"]
    table += _disturbed(records)
    return table + (f"\nNot measured in this run: {'; '.join(absent)}.\n" if absent else "")


def roofline_line(record: Results) -> str:
    share = [f"{100 * record[name]:.0f} %" for name in ("of_peak", "of_bandwidth")]
    rates = [f"{record['gflops']:.3g}", f"{record['gbs']:.3g}"]
    cells = [record["work"], duration(record["ours"][0]), rates[0], share[0], rates[1], f"{share[1]} of {record['level']}"]
    return f"| {' | '.join([*cells, record['bound']])} |\n"


def roofline_table(results: Results) -> str:
    table = described(results) + "\n\n"
    table += "| op, case | time | GFLOP/s | of FMA peak | GB/s | of bandwidth | bound by |\n|---|---|---|---|---|---|---|\n"
    records = [record for record in results["records"] if record["kind"] == "kernel"]
    return table + "".join(map(roofline_line, records)) + _disturbed(records)


def newest_of_each_machine(folder: Path) -> list[Results]:
    """The newest run of all rows of each processor among the files of a folder, the newest first. A processor's name alone does
    not tell: clouds give several the same."""
    newest: dict[str, Results] = {}
    for path in sorted(folder.glob("[0-9]*.json")):
        results = read(path)
        if not missing(results):
            newest[json.dumps([results["machine"][key] for key in ("cpu", "cpus", "caches")])] = results
    return sorted(newest.values(), key=lambda results: str(results["date"]), reverse=True)


def machines_table(runs: Sequence[Results]) -> str:
    """Our speed over the best peer's, a column for each run; bold where it does not reach its goal."""
    heads, columns = [], []
    for run in runs:
        peaks = [record["fma_gflops"] for record in run["records"] if record["threads"] == 1 and "fma_gflops" in record]
        peak = f", {statistics.median(peaks):.0f} GFLOP/s a core" if peaks else ""
        first = run["machine"]["caches"]["L1"] // 1024
        heads.append(f"{run['machine']['cpu']}, L1 {first} KiB{peak}; {run['date']}, commit {run['commit']}")
        columns.append({(record["row"], record["threads"]): record for record in run["records"]})
    table = f"| work | {' | '.join(heads)} |\n|---|{'---|' * len(heads)}\n"
    for key, record in columns[0].items() if columns else ():
        if record["kind"] in ("kernel", "scaling", "memory") or any(key not in column for column in columns):
            continue
        speeds = [_factor(column[key]["speed"][0]) for column in columns]
        cells = [speed if column[key]["reached"] else f"**{speed}**" for speed, column in zip(speeds, columns, strict=True)]
        table += f"| {record['work']}{_threads(record)} | {' | '.join(cells)} |\n"
    return table


def write_page(results: Results) -> None:
    """The tables of docs/performance.md."""
    write_table("performance.md", *MARKS["speed"], speed_table(results))
    write_table("performance.md", *MARKS["roofline"], roofline_table(results))
    write_table("performance.md", *MARKS["machines"], machines_table(newest_of_each_machine(FOLDER)))
