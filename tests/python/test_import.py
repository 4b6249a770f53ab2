"""Importing is cheap and brings nothing but NumPy."""

import re
import time

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


def test_nothing_heavy_is_imported() -> None:
    code = "import sys, numpy; before = set(sys.modules); import samebits; print(*sorted(set(sys.modules) - before))"
    imported = set(python(code).stdout.split())
    assert "samebits" in imported
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
