"""Importing is cheap and brings nothing but NumPy."""

import importlib.util
import re
import shutil
import time
from pathlib import Path

import samebits as sb
from support import ROOT, python

HEAVY = {
    "torch",
    "tensorflow",
    "keras",
    "matplotlib",
    "pandas",
    "scipy",
    "jax",
    "tqdm",
    "unittest",
    "asyncio",
    "importlib.metadata",
}


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    """Not even where it is installed: what is not here has a stand-in."""
    for name in HEAVY:
        if importlib.util.find_spec(name.split(".")[0]) is None:
            (tmp_path / f"{name}.py").touch()
    code = f"""
import sys
import numpy
sys.path.append({str(tmp_path)!r})
before = set(sys.modules)
import samebits
print(*sorted(set(sys.modules) - before))
"""
    imported = set(python(code).stdout.split())
    assert "samebits" in imported
    assert "numpy.random" not in imported  # NumPy 2 loads it when it is used
    assert not imported & HEAVY
    assert len({name for name in imported if not name.startswith("samebits")}) < 15


def test_import_is_fast_over_numpy() -> None:
    """The promise is 0.15 s; measured as the best of three, in half of what a busy machine may add."""
    code = "import numpy, time; t = time.perf_counter(); import samebits; print(time.perf_counter() - t)"
    assert min(float(python(code).stdout) for _ in range(3)) < 0.3


def test_a_missing_module_is_told_plainly(tmp_path: object) -> None:
    code = "import sys; sys.modules['samebits._core'] = None; import samebits"
    done = python(code, check=False)
    assert done.returncode == 1
    assert "ImportError: [samebits] the compiled part of the package could not be loaded; got" in done.stderr


def test_nothing_is_left_behind_at_exit() -> None:
    start = time.monotonic()
    code = "import samebits as sb; from support import *; m = cnn(); p = m.predict(blobs()[0], verbose=0); m.fit(*blobs())"
    done = python(code)
    assert done.stderr == ""
    assert time.monotonic() - start < 30


def test_version_is_that_of_the_sources() -> None:
    match = re.search(r'version = "([0-9.]+)"', (ROOT / "cpp" / "samebits" / "version.h").read_text())
    assert match is not None
    assert sb.__version__ == match[1]


def copied(folder: Path) -> Path:
    """The package somewhere else, as it lies here."""
    source, left_out = Path(sb.__file__).parent, shutil.ignore_patterns("__pycache__")
    shutil.copytree(source, folder / "samebits", ignore=left_out, ignore_dangling_symlinks=True)
    return folder


def test_two_copies_in_one_process_are_refused(tmp_path: Path) -> None:
    """Reading the same one again is not two."""
    code = f"""
import sys
import samebits
forget = lambda: [sys.modules.pop(name) for name in list(sys.modules) if name.startswith("samebits")]
forget()
import samebits
forget()
sys.path.insert(0, {str(copied(tmp_path))!r})
import samebits
"""
    done = python(code, check=False)
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    first, second = Path(sb.__file__), tmp_path / "samebits" / "__init__.py"
    got = f"got {sb.__version__} of {second} and a compiled part of {sb.__version__} that came with {first.resolve()}; "
    assert line.startswith(f"ImportError: [samebits] one process can hold one samebits; {got}restart Python")


def test_files_of_another_version_are_refused(tmp_path: Path) -> None:
    """As after an upgrade under a running notebook: another version of the files that were read."""
    init = copied(tmp_path) / "samebits" / "__init__.py"
    text = init.read_text().replace(f'__version__ = "{sb.__version__}"', '__version__ = "9.9.9"')
    init.write_text(text + "\nfrom ._core import something_new\n")
    (tmp_path / "samebits" / "utils.py").write_text("from ._core import something_new\n")
    done = python(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import samebits", check=False)
    assert done.returncode == 1
    got = f"got 9.9.9 of {init} and a compiled part of {sb.__version__} that came with {init}; "
    assert f"[samebits] one process can hold one samebits; {got}" in done.stderr
