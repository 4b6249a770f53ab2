"""The wheels and the source distribution of dist/ (make wheel), each as somebody would use it: in an empty environment."""

import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from pathlib import Path

import consumer
import pytest
import wheels
from packaging.utils import parse_wheel_filename

ROOT = wheels.ROOT
WHEELS = {version: next(iter(wheels.DIST.glob(f"*-cp{version.replace('.', '')}-*.whl")), None) for version in wheels.pythons()}
NEWEST = list(WHEELS)[-1]
COLAB = "3.13"
OLD, NEW = "numpy==1.26.*", "numpy>=2"
# NumPy 1.26 has no wheels for Python 3.13 and later.
PAIRS = [(version, numpy) for version in WHEELS for numpy in (OLD, NEW) if numpy == NEW or version in {"3.11", "3.12"}]
LONG = "SAMEBITS_LONG" in os.environ
HEAVY = {"torch", "tensorflow", "keras", "matplotlib", "pybind11"}
RECIPE = ROOT / "examples" / "digits_mlp.toml"
GOLDEN = consumer.GOLDEN["digits_mlp.toml"]


def pip(python: Path | str, *arguments: str | Path) -> str:
    """Of the wheel tools' environment, at work for another Python."""
    return consumer.run(wheels.TOOLS / "python", "-m", "pip", "--disable-pip-version-check", "--python", python, *arguments)


@pytest.fixture(scope="session", autouse=True)
def nothing_of_ours() -> None:
    """No variable of this machine may help."""
    for name in [name for name in os.environ if name.startswith(("SAMEBITS_", "PYTHONPATH"))]:
        del os.environ[name]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """environment(version, numpy): the Python of an environment with samebits from dist/ and what pip found it needs."""
    made: dict[tuple[str, str], Path] = {}

    def make(version: str, numpy: str = NEW) -> Path:
        if (version, numpy) not in made:
            folder = tmp_path_factory.mktemp("env")
            consumer.run(wheels.pythons()[version], "-m", "venv", "--without-pip", folder)
            python = folder / "bin" / "python"
            pip(python, "install", "--quiet", "--only-binary=:all:", numpy)
            pip(python, "install", "--quiet", "--no-index", "--find-links", wheels.DIST, "samebits")
            made[version, numpy] = python
        return made[version, numpy]

    return make


def test_there_is_one_for_each_python() -> None:
    assert WHEELS
    assert all(WHEELS.values())
    assert len(list(wheels.DIST.glob("*.whl"))) == len(WHEELS)
    assert len(list(wheels.DIST.glob("samebits-*.tar.gz"))) == 1


@pytest.mark.parametrize("version", WHEELS)
def test_what_a_wheel_holds(version: str, tmp_path: Path) -> None:
    file = WHEELS[version]
    assert file.stat().st_size < wheels.MOST_BYTES
    name, number, _, tags = parse_wheel_filename(file.name)
    assert (name, str(number)) == ("samebits", re.search('version = "(.*)"', (ROOT / "cpp/samebits/version.h").read_text())[1])
    floors = [re.fullmatch(r"manylinux_2_(\d+)_\w+", tag.platform) for tag in tags]
    assert all(floor and int(floor[1]) <= 34 for floor in floors)

    with zipfile.ZipFile(file) as archive:
        names = {info.filename for info in archive.infolist() if not info.is_dir()}
        archive.extractall(tmp_path)
    tops = {name.split("/")[0] for name in names}
    assert tops == {"samebits", f"samebits-{number}.dist-info"}  # no libraries beside it: auditwheel found none to bring along
    sources = {
        str(path.relative_to(ROOT / "python"))
        for path in (ROOT / "python" / "samebits").rglob("*.py*")
        if "__pycache__" not in path.parts
    }
    headers = {f"samebits/include/{header}" for header in [*consumer.public_headers(), "samebits/eigen.h"]}
    package = {
        f"samebits/lib/cmake/samebits/samebits{part}.cmake"
        for part in ("Config", "ConfigVersion", "Targets", "Targets-release")
    }
    (module,) = tmp_path.glob("samebits/_core.*.so")
    built = {f"samebits/{module.name}", "samebits/lib/libsamebits.a"}
    ours = {name for name in names if name.startswith("samebits/")}
    assert ours == {"samebits/py.typed"} | sources | headers | package | built
    metadata = next(tmp_path.glob("*.dist-info/METADATA")).read_text()
    assert re.findall("^Requires-Dist: (.*)$", metadata, re.MULTILINE) == ["numpy>=1.26"]
    assert len(list(tmp_path.glob("*.dist-info/licenses/**/LICENSE"))) == 2  # ours and the digits'

    assert consumer.visible(module) == {"PyInit__core"}
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", consumer.run("readelf", "--dynamic", module))
    assert set(needed) <= {
        "libstdc++.so.6",
        "libm.so.6",
        "libgcc_s.so.1",
        "libc.so.6",
        "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1",
    }
    consumer.require_only_the_api(tmp_path / "samebits" / "lib" / "libsamebits.a")


@pytest.mark.parametrize(("version", "numpy"), PAIRS)
def test_in_an_environment_with_nothing_but_numpy(version: str, numpy: str, environment, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A recipe by the command, by python -m and from Python; what importing brings; the command line's own errors."""
    python: Path = environment(version, numpy)
    assert set(re.findall(r"^[\w-]+", pip(python, "freeze"), re.MULTILINE)) == {"numpy", "samebits"}
    assert consumer.digest(consumer.run(python.parent / "samebits", "train", RECIPE, "--quiet")) == GOLDEN
    assert consumer.digest(consumer.run(python, "-m", "samebits", "train", RECIPE, "--quiet")) == GOLDEN
    for name in HEAVY:  # would be seen if somebody tried
        (tmp_path / f"{name}.py").touch()
    code = f"""
import sys
sys.path.append({str(tmp_path)!r})
import samebits as sb
print(*sorted({HEAVY!r} & set(sys.modules)))
print(sb.__version__)
print(sb.train({str(RECIPE)!r}, verbose=0).digest())
(x, y), _ = sb.datasets.load_digits()
import samebits.compat.tf as tf
model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x / 16, y, epochs=1, verbose=0)
print(model.digest())
"""
    heavy, number, digest, other = consumer.run(python, "-c", code).splitlines()
    assert (heavy, digest) == ("", GOLDEN)
    assert number in WHEELS[version].name
    assert re.fullmatch("sha256:[0-9a-f]{64}", other)


def test_pip_takes_all_of_it_away_again(environment, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    consumer.run(wheels.pythons()[NEWEST], "-m", "venv", "--without-pip", tmp_path)
    python = tmp_path / "bin" / "python"
    pip(python, "install", "--quiet", "--no-index", "--no-deps", "--no-compile", "--find-links", wheels.DIST, "samebits")
    assert list(tmp_path.glob("lib/python*/site-packages/samebits/_core.*"))
    pip(python, "uninstall", "--yes", "--quiet", "samebits")
    assert not list(tmp_path.glob("lib/python*/site-packages/samebits*"))
    assert not (python.parent / "samebits").exists()


@pytest.mark.parametrize(
    "other", ["manylinux_2_{older}_{machine}", "manylinux2014_{machine}", "musllinux_1_2_{machine}", "manylinux_2_{floor}_i686"]
)
def test_pip_refuses_it_for_other_systems(other: str, tmp_path: Path) -> None:
    """An older glibc, another C library, an older CPU: it has nothing for them, and writes nothing."""
    platforms = [tag.platform.split("_", 3) for tag in parse_wheel_filename(WHEELS[NEWEST].name)[3]]
    floor, machine = min((int(floor), machine) for _, _, floor, machine in platforms)

    def download(platform: str) -> str:
        options = ["--no-deps", "--no-index", "--only-binary=:all:", "--python-version", NEWEST, "--platform", platform]
        return pip(wheels.TOOLS / "python", "download", "--dest", tmp_path, "--find-links", wheels.DIST, *options, "samebits")

    with pytest.raises(AssertionError, match="No matching distribution found for samebits"):
        download(other.format(older=floor - 1, floor=floor, machine=machine))
    assert not list(tmp_path.iterdir())
    download(f"manylinux_2_{floor}_{machine}")
    assert len(list(tmp_path.iterdir())) == 1


def test_its_types_are_seen_by_mypy(environment, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    python = environment(NEWEST)
    program = tmp_path / "program.py"
    program.write_text(
        "import numpy as np\nimport samebits as sb\n\n"
        "model = sb.Sequential([sb.layers.Dense(2, input_shape=(4,))], seed=7)\n"
        'model.compile(optimizer="sgd", loss="mse")\n'
        "history: sb.History = model.fit(np.zeros((8, 4)), np.zeros((8, 2)), epochs=2, verbose=0)\n"
        "digest: str = model.digest()\n"
        "wrong: int = model.digest()\n"
        'model.fit(np.zeros((8, 4)), np.zeros((8, 2)), epochs="two")\n'
        'sb.layers.Dense("two", units=3)\n'
    )
    mypy = [wheels.TOOLS / "mypy", "--strict", "--python-executable", python, "--cache-dir", tmp_path / "cache", program]
    done = subprocess.run(mypy, capture_output=True, text=True, check=False, cwd=tmp_path)
    errors = re.findall(r"^program\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout.replace(f"{tmp_path}/", ""), re.MULTILINE)
    assert {int(line) for line, _ in errors} == {8, 9, 10}, done.stdout + done.stderr
    assert not {kind for _, kind in errors} & {"import-untyped", "import-not-found"}


def test_a_cpp_program_builds_with_what_the_wheel_brings(environment, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """python -m samebits --cmake-dir is all that it is told."""
    folder = consumer.run(environment(NEWEST), "-m", "samebits", "--cmake-dir").strip()
    consumer.build(tmp_path, f"-Dsamebits_DIR={folder}")
    consumer.train_and_predict(tmp_path)


@pytest.fixture
def compiles_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """For minutes: in the long form only. With ccache where it is, for the place is another each time."""
    if not LONG:
        pytest.skip("a part of the long form: make test-wheel SAMEBITS_LONG=1")
    if cache := shutil.which("ccache"):
        monkeypatch.setenv("CMAKE_CXX_COMPILER_LAUNCHER", cache)
        monkeypatch.setenv("CCACHE_BASEDIR", "/")
        monkeypatch.setenv("CCACHE_NOHASHDIR", "1")


@pytest.mark.usefixtures("compiles_everything")
def test_a_cpp_program_with_the_sources_as_a_subdirectory(tmp_path: Path) -> None:
    consumer.build(tmp_path, f"-DSAMEBITS_SOURCE={ROOT}")
    consumer.train_and_predict(tmp_path)


@pytest.mark.usefixtures("compiles_everything")
def test_the_source_distribution_builds(tmp_path: Path) -> None:
    """By pip alone, in its isolation, as `pip install .` does; what comes of it trains."""
    (archive,) = wheels.DIST.glob("samebits-*.tar.gz")
    env = tmp_path / "env"
    consumer.run(wheels.pythons()[NEWEST], "-m", "venv", "--without-pip", env)
    pip(env / "bin" / "python", "install", "--quiet", "--only-binary=numpy", archive)
    assert consumer.digest(consumer.run(env / "bin" / "samebits", "train", RECIPE, "--quiet")) == GOLDEN


def test_the_notebooks_run_from_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the Python of Colab, their own first cell installing it; no cell may take a minute; the time of each is told."""
    if COLAB not in WHEELS:
        pytest.skip(f"Colab has Python {COLAB}, dist/ wheels for {', '.join(WHEELS)}: make test-wheel PYTHONS=python{COLAB}")
    env = tmp_path / "env"
    consumer.run(wheels.pythons()[COLAB], "-m", "venv", "--without-pip", env)
    python = env / "bin" / "python"
    with (ROOT / "pyproject.toml").open("rb") as file:
        pip(python, "install", "--quiet", "pip", *tomllib.load(file)["dependency-groups"]["notebook"])
    monkeypatch.setenv("SAMEBITS_WHEEL", str(WHEELS[COLAB]))
    monkeypatch.setenv("PATH", f"{python.parent}:{os.environ['PATH']}")
    printed = consumer.run(python, "-m", "pytest", "--durations=0", "--durations-min=0", ROOT / "tests" / "notebooks")
    assert re.search(r"\d+ passed", printed)
    assert "skipped" not in printed
    assert "failed" not in printed
    times = re.findall(r"([\d.]+s) call .*test_every_cell_runs\[(\w+)\]", printed)
    assert len(times) == len(list((ROOT / "examples" / "notebooks").glob("*.ipynb")))
    with capsys.disabled():
        print("", *(f"{name}.ipynb: {seconds}" for seconds, name in times), sep="\n")
