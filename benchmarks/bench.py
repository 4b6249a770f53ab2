"""Our speed beside PyTorch, Keras and TensorFlow on this machine: `make bench`, or `make bench ROWS="gemm mlp_10"`.

Every contender is a process of its own; in each round each of them does its work once, ours first, then the machine's FMA peak
and bandwidth are measured. A run of all rows writes benchmarks/results/<date>-<cpu>.json and the tables of docs/performance.md.
A run of some rows prints them and writes nothing; with --merge it puts them into the file of the same date, machine and
commit, and the tables are left alone until --table.
"""

import argparse
import sys
import time
from pathlib import Path

import machine
import results
from measure import Measurer
from rows import ROWS, Row, chosen
from turns import BUILD


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", help="only rows whose name contains one of these words; default: all")
    parser.add_argument("--rounds", type=int, default=7, help="at least 7 for a result; default 7")
    parser.add_argument("--seconds", type=float, default=0.3, help="of work in a turn of a worker; default 0.3")
    parser.add_argument(
        "--merge", action="store_true", help="put some rows into the results of the same date, machine and commit"
    )
    parser.add_argument("--list", action="store_true", help="print the names of the rows")
    parser.add_argument("--table", type=Path, metavar="FILE", help="only write the tables of docs/performance.md from a file")
    return parser.parse_args()


def measured(rows: list[Row], options: argparse.Namespace, keep: bool) -> tuple[results.Results, bool]:
    """The results of these rows, and whether all went well. With `keep` each goes into the file as soon as it is there."""
    run: results.Results = {"date": time.strftime("%Y-%m-%d"), "commit": machine.commit(), "machine": machine.description()}
    run |= {"versions": {}, "rounds": options.rounds, "seconds": options.seconds, "records": []}
    measurer, well = Measurer(options.rounds, options.seconds), True
    for row in rows:
        others = machine.busy()
        try:
            records = measurer.measure(row)
        except (RuntimeError, OSError) as error:  # other rows can still be measured
            print(f"{row.name}: not measured: {error}", file=sys.stderr, flush=True)
            well = False
            continue
        others = max(others, machine.busy())
        if others > results.QUIET:
            print(f"{row.name}: other programs kept {others:.1f} CPUs busy: these times say little", file=sys.stderr)
        records = [{**record, "others": others} for record in records]
        run["records"] += records
        run["versions"] |= measurer.versions
        for record in records:
            show = results.roofline_line if row.kind == "kernel" else results.line
            print(show(record), end="", flush=True)
        if keep:
            path = results.path_of(run)
            results.write(results.merged(results.read(path) if path.exists() else None, run), path)
    measurer.close()
    return run, well


def main() -> int:
    options = arguments()
    if options.list:
        print("\n".join(row.name for row in ROWS))
        return 0
    if options.table:
        results.write_page(results.read(options.table))
        return 0
    if options.rounds < 1:
        raise ValueError(f"[bench] rounds are at least 1; got {options.rounds}; do 7")
    if not (BUILD / "benchmarks" / "machine").exists():
        raise OSError(f"[bench] the benchmarks must be built; got no {BUILD / 'benchmarks'}; do `make bench`")
    rows = chosen(options.rows)
    run, well = measured(rows, options, keep=options.merge)
    print(results.group_lines([r for r in run["records"] if r["kind"] != "kernel"]), end="")
    if len(rows) == len(ROWS) and not options.merge:
        results.write(run, results.path_of(run))
        results.write_page(run)
        print(f"written: {results.path_of(run)} and docs/performance.md")
    elif not options.merge:
        print("some rows: nothing is written (--merge puts them into the results of this date, machine and commit)")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
