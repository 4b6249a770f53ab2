"""benchmarks/: the table of rows, turns of contenders, what times say, and what is written. Nothing is timed here."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bench
import growth
import machine
import measure
import networks
import page
import results
import rows
import samebits as sb
import turns
import winograd
import worker
from support import ROOT

# A peer without a library: says what it is, notes its turn, and answers with a time of its own.
FAKE = """
import json, sys
name, seconds, log = sys.argv[1:]
print(json.dumps({"versions": {name: "1"}}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "fail":
        print(json.dumps({"error": "no such thing"}), flush=True)
        continue
    with open(log, "a") as file:
        file.write(name + "\\n")
    print(json.dumps({"seconds": float(seconds)}), flush=True)
"""


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[tuple[dict[str, turns.Process], Path]]:
    """Ours and two peers, and the file in which they note their turns."""
    (tmp_path / "fake.py").write_text(FAKE)
    log = tmp_path / "log"
    speeds = {"samebits": 0.5, "slow": 3.0, "fast": 1.0}
    found = {name: turns.Process([sys.executable, tmp_path / "fake.py", name, str(s), log]) for name, s in speeds.items()}
    yield found, log
    for process in found.values():
        process.close()


# Rows.


def test_every_goal_has_its_rows() -> None:
    goals: dict[str, list[float]] = {}
    for row in rows.ROWS:
        goals.setdefault(row.kind, []).append(row.goal)
    assert goals["train"] == [100, 50, 6, 3, 1.3, 3, 4, 3.5, 2.5]
    assert goals["predict"] == [20, 5]
    assert goals["program"] == [8, 8, 5]
    assert goals["memory"] == [0.4]
    assert goals["scaling"] == [1.85]
    assert goals["gemm"] == [0.9] * 10
    assert len(goals["conv"]) == 30
    assert goals["conv"].count(2.0) == 10  # two passes of the five layers with 3x3 windows and at least 32 channels
    assert set(goals["conv"]) == {1.1, 2.0}
    assert {row.name for row in rows.ROWS if row.of_peak == 0.92} == {"gemm_1024_1024_1024", "gemm_2048_2048_2048"}
    assert [(group.kind, group.goal) for group in rows.GROUPS] == [("gemm", 1.05), ("conv", 2.0)]


def test_names_tell_rows_apart() -> None:
    names = [row.name for row in rows.ROWS]
    assert len(set(names)) == len(names)
    assert [row.name for row in rows.chosen(["mlp_10"])] == ["mlp_10_b32", "mlp_1024_b128"]
    assert rows.chosen([]) == list(rows.ROWS)
    with pytest.raises(ValueError, match=r"\[bench\] ROWS are parts of the names of rows; got 'gemn'"):
        rows.chosen(["gemn"])


def test_every_op_has_a_program_and_a_line_of_the_roofline() -> None:
    programs = {path.stem for path in (ROOT / "benchmarks/cpp").glob("*.cpp")} - {
        "bench",
        "machine",
        "steps",
        "winograd_error",
    }  # which are no ops
    assert {op for op, _, _ in rows.KERNELS} == programs


def test_every_network_can_be_trained() -> None:
    sizes = {name: networks.keras_model(sb, network).count_params() for name, network in networks.NETWORKS.items()}
    # ResNet-20 with projections has 272,474 weights that are trained, and two moving numbers for each of 784 channels.
    assert sizes["mlp_10"] == 132
    assert sizes["mlp_784"] == 784 * 128 + 128 + 128 * 10 + 10
    assert sizes["mnist_cnn"] == 9 * 32 + 32 + 9 * 32 * 64 + 64 + 1600 * 10 + 10
    assert sizes["resnet20"] == 274_042
    assert {row.options["network"] for row in rows.ROWS if "network" in row.options} == set(networks.NETWORKS)


def test_ours_takes_as_many_steps_as_it_is_told() -> None:
    import contender_samebits

    contender = contender_samebits.Contender(int(sb.runtime.info()["threads"]))  # leaves them as they are
    step, setting = contender.set_up("train", network="mlp_10", batch=32)
    step(515)  # an epoch of 512 batches and a part of one
    assert setting == "fit(shuffle=False)"
    step, _ = contender.set_up("predict", network="mlp_10", batch=1)
    step(2)


def test_scripts_get_their_import_back() -> None:
    for name, _ in rows.PROGRAMS:
        changed = measure.with_tensorflow((ROOT / f"examples/colab_question/{name}_tf.py").read_text())
        assert "\nimport tensorflow as tf\n" in changed
        assert "samebits" not in changed
    with pytest.raises(ValueError, match="one line"):
        measure.with_tensorflow("import numpy\n")


# Turns.


def test_contenders_take_turns(fakes: tuple[dict[str, turns.Process], Path]) -> None:
    processes, log = fakes
    taken = {name: lambda p=p: p.ask({"do": "time", "steps": 1})["seconds"] for name, p in processes.items()}
    times = turns.rounds(taken, 3)
    assert log.read_text().split() == ["samebits", "slow", "fast"] * 3
    assert times == {"samebits": [0.5] * 3, "slow": [3.0] * 3, "fast": [1.0] * 3}
    assert turns.best_of(times, "samebits") == "fast"
    assert processes["fast"].told == {"versions": {"fast": "1"}}


def test_rounds_that_were_disturbed_are_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PAUSE", 0.0)
    given = iter([1.0, 9.0, 9.0, 2.0, 3.0])
    times = turns.rounds({"a": lambda: 5.0, "fma": lambda: next(given)}, 3, lambda this: this["fma"] > 8)
    assert times == {"a": [5.0] * 3, "fma": [1.0, 2.0, 3.0]}
    times = turns.rounds({"fma": lambda: 9.0}, 2, lambda this: True)  # for ever: it ends all the same
    assert times == {"fma": [9.0, 9.0]}


def test_a_round_is_disturbed_when_the_peak_falls() -> None:
    measurer = measure.Measurer(7, 0.3)
    without_cores = measurer._without_cores(2)
    assert [without_cores({"fma": seconds}) for seconds in (1.0, 2.0, 1.1, 0.8, 1.0)] == [False, True, False, False, True]
    assert not measurer._without_cores(1)({"fma": 3.0})


def test_a_contender_that_fails_says_so(fakes: tuple[dict[str, turns.Process], Path]) -> None:
    with pytest.raises(RuntimeError, match=r"\[bench\] a contender failed; got no such thing"):
        fakes[0]["fast"].ask({"do": "fail"})
    ended = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match="exit status 3"):
        turns.Process(ended)


def test_a_worker_answers_each_line() -> None:
    done: list[int] = []

    class Counting:
        def versions(self) -> dict[str, str]:
            return {"counting": "1"}

        def set_up(self, kind: str) -> worker.Task:
            return done.append, kind

    asked = [{"do": "time", "steps": 5}, {"do": "set_up", "kind": "k"}, {"do": "time", "steps": 5}, {"do": "peak"}, {"do": "x"}]
    answers: list[dict[str, Any]] = []
    worker.serve(Counting(), map(json.dumps, asked), answers.append)
    assert done == [1, 5]  # a step that is not counted, then five
    assert [list(answer) for answer in answers] == [["versions"], ["error"], ["setting"], ["seconds"], ["bytes"], ["error"]]
    assert answers[4]["bytes"] > 1_000_000


# What times say.


def test_medians_and_quartiles() -> None:
    assert turns.spread([5.0, 1.0, 3.0, 2.0, 4.0]) == (3.0, 2.0, 4.0)
    assert turns.spread([2.0]) == (2.0, 2.0, 2.0)
    # Medians 2 and 6; round by round 4, 3 and 2.
    assert turns.speed_over([4.0, 6.0, 8.0], [1.0, 2.0, 4.0]) == (3.0, 2.5, 3.5)


def row_of(kind: str, goal: float) -> rows.Row:
    return next(row for row in rows.ROWS if row.kind == kind)._replace(goal=goal)


@pytest.mark.parametrize(("kind", "goal", "reached"), [("train", 2.0, True), ("train", 2.1, False), ("memory", 2.1, True)])
def test_a_goal_is_reached_or_not(kind: str, goal: float, reached: bool) -> None:
    ours, theirs = (1.0, 2.0) if kind == "train" else (2.0, 1.0)
    record = measure.compared(row_of(kind, goal), 1, {"samebits": [ours] * 7, "fast": [theirs] * 7, "slow": [9.0] * 7})
    assert (record["best"], record["speed"].median, record["reached"]) == ("fast", 2.0, reached)
    with pytest.raises(RuntimeError, match="needs a peer"):
        measure.compared(row_of(kind, goal), 1, {"samebits": [1.0]})


@pytest.mark.parametrize(("ours", "theirs", "reached"), [(1.9, 1.95, True), (1.5, 1.95, False), (1.5, 1.6, None)])
def test_scaling_counts_where_the_machine_scales(ours: float, theirs: float, reached: bool | None) -> None:
    times = {"samebits 1": [ours], "samebits 2": [1.0], "torch.mm 1": [theirs], "torch.mm 2": [1.0]}
    assert measure.scaled(row_of("scaling", 1.85), times)["reached"] is reached


@pytest.mark.parametrize(
    ("flops", "moved", "bound"),
    [(60.0, 10.0, "multiply-adds"), (10.0, 60.0, "bandwidth of L1"), (10.0, 600.0, "bandwidth of memory"), (4.0, 4.0, "why")],
)
def test_what_bounds_a_kernel(flops: float, moved: float, bound: str) -> None:
    row = row_of("kernel", 0)._replace(options={"otherwise": "why"})
    times = {"samebits": [1.0], "fma": [1.0], "triad": [1.0]}
    triad = 1000.0 if moved > 100 else 100.0
    record = measure.roofline(row, times, {"flops": flops, "bytes": moved}, 100.0, triad, {"L1": 64, "L2": 128})
    assert record["bound"] == bound
    assert record["of_peak"] == pytest.approx(flops / 100)


# What is written.


def record_of(row: rows.Row, threads: int = 1) -> dict[str, Any]:
    times = {"samebits": [1.0, 1.0], "fma": [1.0, 1.0], "triad": [1.0, 1.0]}
    if row.kind == "kernel":
        return measure.roofline(row, times, {"flops": 60.0, "bytes": 10.0}, 100.0, 100.0, {"L1": 64})
    record = measure.compared(row, threads, {"samebits": [1.0, 1.1], "torch": [2.0, 2.3]})
    return record | ({"part_of_peak": 0.5} if row.of_peak else {})


def run_of(*names: str, commit: str = "abc") -> dict[str, Any]:
    machine = {"cpu": "Some(R) CPU @ 2GHz", "cpus": 2, "caches": {"L1": 32768}, "system": "S", "compiler": "C", "python": "3"}
    records = [record_of(row) for row in rows.ROWS if not names or row.name in names]
    return {"date": "2026-01-02", "commit": commit, "machine": machine, "versions": {"torch": "2"}, "records": records}


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    run = run_of()
    path = results.path_of(run)
    assert path.name == "2026-01-02-some-cpu-2ghz.json"
    results.write(run, tmp_path / path.name)
    back = results.read(tmp_path / path.name)
    assert back == results.rounded(run)
    assert results.speed_table(back) == results.speed_table(run)


def test_tables_have_a_line_for_each_record() -> None:
    run = run_of()
    table = results.speed_table(run)
    ours = sum(row.kind != "kernel" for row in rows.ROWS)
    assert table.count("\n|") == 2 + ours + len(rows.GROUPS)
    assert (
        "| MLP 10-10-2, batch 32, 1 thread | 1.05 s | 2.15 s (torch) | **2.05x** (2.02x to 2.07x) | >= 100x | **no** |" in table
    )
    assert "| GEMM, geometric mean of 10, 1 thread |  |  | **2.05x** | >= 1.05x | yes |" in table
    assert results.roofline_table(run).count("\n|") == 2 + len(rows.KERNELS)
    some = results.speed_table(run_of("mlp_10_b32", "gemm_512_512_512"))
    assert "GEMM, geometric mean of 1 (of 10)" in some
    assert "Not measured in this run: MLP 64-32-10, batch 32; " in some


def test_a_table_says_where_other_programs_ran() -> None:
    run = run_of("mlp_10_b32", "mlp_64_b32")
    run["records"][1]["others"] = 0.9
    assert "busy around: MLP 64-32-10, batch 32. Those times say little." in results.speed_table(run)
    run["records"][0]["others"] = 0.3
    assert "busy around: all rows." in results.speed_table(run)


def test_the_newest_whole_runs_of_each_machine_stand_side_by_side(tmp_path: Path) -> None:
    runs = {name: run_of() for name in ("old", "new", "other")}
    for date, run in zip(("2026-01-01", "2026-01-03", "2026-01-02"), runs.values(), strict=True):
        run["date"] = date
    runs["other"]["machine"] = runs["other"]["machine"] | {"cpu": "Other", "caches": {"L1": 49152}}
    runs["other"]["records"][0] |= {"speed": [300.0, 1.0, 1.0], "reached": True}
    runs["part"] = run_of("mlp_10_b32") | {"date": "2026-01-04"}
    for run in runs.values():
        results.write(run, tmp_path / results.path_of(run).name)
    found = results.newest_of_each_machine(tmp_path)
    assert [run["date"] for run in found] == ["2026-01-03", "2026-01-02"]
    table = results.machines_table(found)
    assert table.startswith("| work | Some(R) CPU @ 2GHz, L1 32 KiB; 2026-01-03, commit abc | Other, L1 48 KiB; 2026-01-02, ")
    assert "| MLP 10-10-2, batch 32, 1 thread | **2.05x** | 300x |\n" in table
    assert "threads 1 to 2" not in table
    assert results.machines_table([]) == "| work |  |\n|---|\n"


def test_times_are_written_in_their_unit() -> None:
    assert [results.duration(s) for s in (12.3, 0.0123, 1.234e-5, 2e-8)] == ["12.3 s", "12.3 ms", "12.3 us", "0.02 us"]


def test_rows_replace_rows_of_the_same_run_alone() -> None:
    old, new = run_of("mlp_10_b32", "mlp_64_b32", "scaling"), run_of("mlp_64_b32")
    new["records"][0]["best"] = "keras"
    both = results.merged(old, new)
    assert [record["row"] for record in both["records"]] == ["mlp_10_b32", "mlp_64_b32", "scaling"]
    assert [record["best"] for record in both["records"]] == ["torch", "keras", "torch"]
    assert results.merged(None, new) is new
    with pytest.raises(ValueError, match=r"\[bench\] rows go into a file of the same commit; got def for abc"):
        results.merged(old, run_of("mlp_64_b32", commit="def"))


class NoMeasurer:
    """Has measured already."""

    def __init__(self, count: int, seconds: float) -> None:
        self.versions = {"torch": "2"}

    def measure(self, row: rows.Row) -> list[dict[str, Any]]:
        return [record_of(row)]

    def close(self) -> None:
        pass


def test_a_run_of_some_rows_writes_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "machine").touch()
    (tmp_path / "performance.md").write_text("".join(a + "old\n" + b for a, b in results.MARKS.values()))
    monkeypatch.setattr(bench, "BUILD", tmp_path)
    monkeypatch.setattr(bench, "Measurer", NoMeasurer)
    monkeypatch.setattr(machine, "busy", lambda: 0.0)
    monkeypatch.setattr(results, "FOLDER", tmp_path / "results")
    monkeypatch.setattr(page, "DOCS", tmp_path)

    def run(*arguments: str) -> tuple[int, int, bool]:
        """The exit status, how many records there are then, and whether the page is new."""
        monkeypatch.setattr(sys, "argv", ["bench.py", *arguments])
        status = bench.main()
        files = list((tmp_path / "results").glob("*.json"))
        return status, sum(len(results.read(file)["records"]) for file in files), "old" not in page_text()

    def page_text() -> str:
        return (tmp_path / "performance.md").read_text()

    assert run("mlp_784") == (0, 0, False)
    assert run("--merge", "mlp_784") == (0, 3, False)
    assert run() == (0, len(rows.ROWS), True)
    assert "| activation relu,forward,65536 | 1 s |" in page_text()
    before = page_text()
    assert run("mlp_784") == (0, len(rows.ROWS), True)
    assert run("--merge", "mlp_784") == (0, len(rows.ROWS), True)
    assert page_text() == before


def test_growth_counts_multiply_adds() -> None:
    # 256-256-10, batch 8: forward and weight gradient of the first layer, and the input gradient too of the second.
    assert growth.multiply_adds(growth.deep_mlp(1), 8) == 8 * (2 * 256 * 256 + 3 * 256 * 10)
    assert growth.multiply_adds(growth.deep_cnn(1, 4), 2) == 2 * (2 * 256 * 9 * 3 * 4 + 3 * 4 * 10)


def test_winograd_tells_where_the_profile_is_slow() -> None:
    cases = {case[:4]: case for case in winograd.CASES}
    assert len(cases) == len(winograd.CASES)
    case = cases["weight_gradient", 5, 32, 32]
    assert (case.text, case.taken) == ("weight_gradient,32,5,32,32,3,1,1", "winograd2")
    assert cases["input_gradient", 56, 3, 32].text == "input_gradient,1,56,3,32,3,1,1"
    assert cases["input_gradient", 56, 3, 32].taken == "direct"
    fast = winograd.Timed(case, {"direct": 3.0, "winograd2": 2.0, "winograd4": 1.9})
    slow = winograd.Timed(case, {"direct": 3.0, "winograd2": 2.0, "winograd4": 1.5})
    assert [timed.cell for timed in (fast, slow)] == ["**1.50**, 1.58", "**1.50**, 2.00 !"]
    assert "In 0 of 1 cases" in winograd.summary([fast])
    assert "in 1 (!) it takes" in winograd.summary([slow])
    table = winograd.speed_tables([winograd.Timed(case, fast.seconds) for case in winograd.CASES])
    assert table.count("\n|") == len(winograd.PASSES) * (2 + len(winograd.SIZES)) - 1


def test_winograd_table_of_errors() -> None:
    cells = [(case, which, name) for case in winograd.ERROR_CASES for which in winograd.PASSES for name in winograd.ALGORITHMS]
    errors = [{"case": case, "pass": which, "algorithm": name, "rms": 1e-7, "max": 2e-6} for case, which, name in cells]
    assert "| 64, input gradient | 1.0e-07, 2.0e-06 | 1.0e-07, 2.0e-06 |" in winograd.error_table(errors)
