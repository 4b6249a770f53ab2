"""The command line: results on stdout, everything else on stderr, exit status 0, 1 or 2."""

import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

import samebits as sb
from support import EXAMPLES, command

MLP = str(EXAMPLES / "digits_mlp.toml")
GOOD = """profile = 1
seed = 7

[data]
source = "npy"
x = "x.npy"
y = "y.npy"

[model]
layers = [
  { type = "Dense", units = 3, activation = "relu" },
  { type = "Dense", units = 2, activation = "softmax" },
]

[train]
optimizer = "adam"
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy"]
epochs = 2
batch_size = 4
"""


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    np.save(tmp_path / "x.npy", np.random.default_rng(0).normal(size=(10, 4)))
    np.save(tmp_path / "y.npy", np.arange(10) % 2)
    (tmp_path / "r.toml").write_text(GOOD)
    return tmp_path / "r.toml"


def test_train_prints_the_digest_last() -> None:
    done = command("train", MLP, "--set", "train.epochs=2")
    assert done.returncode == 0
    assert re.fullmatch(r"digest: sha256:[0-9a-f]{64}", done.stdout.splitlines()[-1])
    assert len([line for line in done.stderr.splitlines() if line.startswith("Epoch")]) == 2
    assert "\r" not in done.stderr
    run = sb.train(MLP, overrides={"train.epochs": 2}, verbose=0)
    assert done.stdout.splitlines()[-1] == f"digest: {run.digest()}"
    assert f"recipe: {run.identity}" in done.stdout


def test_the_program_of_the_build_does_the_same() -> None:
    build = os.environ.get("SAMEBITS_BUILD_DIR")
    program = Path(build or "", "bin", "samebits")
    assert build is None or program.exists(), "build the target samebits_command"
    if build is not None:
        done = subprocess.run([program, "train", MLP], capture_output=True, text=True, check=True)
        assert done.stdout == command("train", MLP).stdout


def test_quiet_and_set_change_what_they_should(recipe: Path) -> None:
    quiet = command("train", str(recipe), "--quiet")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    digests = {
        command("train", str(recipe), "--set", s).stdout
        for s in ("seed=7", "seed=8", "train.batch_size=5", "train.shuffle=false")
    }
    assert len(digests) == 4
    assert quiet.stdout in digests


def test_recipe_is_what_the_same_python_is(recipe: Path) -> None:
    x, y = np.load(recipe.parent / "x.npy"), np.load(recipe.parent / "y.npy")
    model = sb.Sequential([sb.layers.Dense(3, "relu"), sb.layers.Dense(2, "softmax")], seed=7)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=2, batch_size=4, verbose=0)
    assert sb.train(recipe, verbose=0).digest() == model.digest()
    assert command("train", str(recipe)).stdout.endswith(f"digest: {model.digest()}\n")


def test_out_writes_the_model_and_its_history(recipe: Path, tmp_path: Path) -> None:
    done = command("train", str(recipe), "--out", str(tmp_path / "out"))
    digest = done.stdout.splitlines()[-1].removeprefix("digest: ")
    model = sb.load_model(tmp_path / "out" / "model.safetensors")
    assert model.digest() == digest
    history = json.loads((tmp_path / "out" / "history.json").read_text())
    assert history["digest"] == digest
    assert len(history["history"]["loss"]) == 2
    shown = command("digest", str(tmp_path / "out" / "model.safetensors"))
    assert (shown.returncode, shown.stdout) == (0, f"digest: {digest}\n")


def test_file_names_that_are_no_utf8(recipe: Path, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.toml")
    recipe.rename(tmp_path / name)
    done = command("train", str(tmp_path / name))
    assert done.returncode == 0
    assert sb.train(tmp_path / name, verbose=0).digest() in done.stdout
    assert command("digest", str(tmp_path / os.fsdecode(b"\xfe"))).returncode == 1


def test_plan_shows_the_peak() -> None:
    done = command("plan", MLP)
    assert done.returncode == 0
    assert "dense" in done.stdout
    assert str(sb.recipes.plan(MLP)) == done.stdout
    more = command("plan", MLP, "--set", "train.batch_size=1000").stdout
    assert more != done.stdout


def test_info_and_version_and_help() -> None:
    assert command("--version").stdout == f"samebits {sb.__version__} (numerics profile 1)\n"
    info = command("info", SAMEBITS_THREADS="3", SAMEBITS_ISA="generic").stdout
    assert "threads: 3\n" in info
    assert "isa: generic\n" in info
    assert "usage" in command("--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["trane", MLP],
        ["train"],
        ["train", MLP, MLP],
        ["train", MLP, "--fast"],
        ["train", MLP, "--set"],
        ["train", MLP, "--set", "epochs"],
        ["train", MLP, "--out"],
        ["plan", MLP, "--out", "x"],
        ["info", "all"],
        ["train", "no-such-file.toml"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    done = command(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("[")
    assert done.stdout == ""


WRONG: list[tuple[str, str, int, str]] = [
    ("seed = 7", "sead = 7", 2, 'did you mean "seed"'),
    ("profile = 1", "profile = 2", 1, "profile"),
    ("seed = 7", "seed = -1", 2, "seed"),
    ("seed = 7", 'seed = "7"', 2, "seed"),
    ('source = "npy"', 'source = "npz"', 5, "source"),
    ('source = "npy"', 'source = "image_folder"', 5, 'data.source is not implemented yet; got "image_folder"'),
    ('y = "y.npy"', 'y = "y.npy"\nz = 1', 8, "data.z"),
    ("units = 3", "units = 0", 11, "units"),
    ("units = 3", "units = 3.0", 11, "units"),
    ("units = 3", "unit = 3", 11, 'did you mean "units"'),
    ('activation = "relu"', 'activation = "rellu"', 11, 'did you mean "relu"'),
    ('type = "Dense", units = 3', 'type = "Dens", units = 3', 11, 'did you mean "Dense"'),
    ('type = "Dense", units = 3', 'type = "LSTM", units = 3', 11, "not implemented"),
    ('optimizer = "adam"', 'optimizer = "adan"', 16, "optimizer"),
    ('optimizer = "adam"', 'optimizer = { type = "Adam", learning_rate = -1.0 }', 16, "learning_rate"),
    ('optimizer = "adam"', 'optimizer = { type = "Adam", lr = 0.1 }', 16, "lr"),
    ('loss = "sparse', 'loss = "sparce', 17, 'did you mean "sparse_categorical_crossentropy"'),
    ('"accuracy"', '"acuracy"', 18, 'did you mean "accuracy"'),
    ("epochs = 2", "epochs = -1", 19, "epochs"),
    ("epochs = 2", "epochs = true", 19, "epochs"),
    ("batch_size = 4", "batch_size = 0", 20, "batch_size"),
    ("batch_size = 4", "batch_siz = 4", 20, 'did you mean "batch_size"'),
    ("[train]", "[train", 15, ""),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_recipe_is_2_with_file_line_and_rule(recipe: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    recipe.write_text(GOOD.replace(old, new, 1))
    done = command("train", str(recipe))
    assert (done.returncode, done.stdout) == (2, "")
    assert re.match(r"\[.*\] ", done.stderr), done.stderr
    assert f"r.toml:{line}:" in done.stderr, done.stderr
    assert words in done.stderr, done.stderr
    later = "not implemented" in done.stderr or words == "profile"
    with pytest.raises(NotImplementedError if later else (ValueError, TypeError)) as caught:
        sb.train(recipe, verbose=0)
    assert str(caught.value) == done.stderr.rstrip("\n")


@pytest.mark.parametrize(("name", "told"), [("", "conv2d_1"), (', name = "eye"', "eye")])
def test_a_layer_that_cannot_take_its_input_has_a_name_and_a_line(recipe: Path, name: str, told: str) -> None:
    conv = '{ type = "Conv2D", filters = 1, kernel_size = '
    text = GOOD.replace('{ type = "Dense", units = 3, activation = "relu"', f"{conv}3").replace(
        '{ type = "Dense", units = 2, activation = "softmax"', f"{conv}9{name}"
    )
    recipe.write_text(text)
    np.save(recipe.parent / "x.npy", np.ones((10, 6, 6, 1)))
    window = "the window is larger than its input; got window (9, 9) on input (None, 4, 4, 1)"
    for method in (command("train", str(recipe)), command("plan", str(recipe))):
        assert (method.returncode, method.stdout) == (1, "")
        assert method.stderr.startswith(f'[recipe] {recipe}:12: model.layers.1 [Conv2D] "{told}": {window}')
    # Where the recipe says the shape of its samples, it is refused before its data is read.
    (recipe.parent / "x.npy").unlink()
    recipe.write_text(text.replace('y = "y.npy"', 'y = "y.npy"\nshape = [6, 6, 1]'))
    known = command("train", str(recipe))
    assert (known.returncode, known.stdout) == (2, "")
    assert known.stderr.startswith(f'[recipe] {recipe}:13: model.layers.1 [Conv2D] "{told}": {window}')


def test_a_wrong_override_is_2(recipe: Path) -> None:
    for pair, words in (("train.epoch=2", "epoch"), ("train.epochs=two", "epochs"), ("tran.epochs=2", "tran"), ("=2", "=")):
        done = command("train", str(recipe), "--set", pair)
        assert done.returncode == 2, pair
        assert words in done.stderr


def test_what_goes_wrong_in_the_run_is_1(recipe: Path) -> None:
    np.save(recipe.parent / "y.npy", np.arange(10))  # labels 0 ... 9 for two classes
    labels = command("train", str(recipe))
    assert labels.returncode in (1, 2)
    assert "y[2]" in labels.stderr
    np.save(recipe.parent / "y.npy", np.arange(10) % 2)
    diverged = command(
        "train", str(recipe), "--set", 'train.optimizer={type="SGD", learning_rate=1e38}', "--set", "train.epochs=50"
    )
    assert diverged.returncode == 1
    assert "step" in diverged.stderr
    assert diverged.stdout == ""
    (recipe.parent / "x.npy").unlink()
    missing = command("train", str(recipe))
    assert missing.returncode in (1, 2)
    assert "x.npy" in missing.stderr


def test_environment_is_obeyed_or_refused(recipe: Path) -> None:
    expected = command("train", str(recipe)).stdout
    assert command("train", str(recipe), SAMEBITS_THREADS="3", SAMEBITS_ISA="generic").stdout == expected
    for variable, value in (("SAMEBITS_ISA", "avx9"), ("SAMEBITS_THREADS", "0"), ("SAMEBITS_DEVICE", "cuda")):
        done = command("train", str(recipe), **{variable: value})
        assert done.returncode in (1, 2)
        assert value in done.stderr


def test_csv_recipe(recipe: Path) -> None:
    rows = ["label,a,b", "1,0.5,2", "0,1e-3,-4", "1,3,4"]
    (recipe.parent / "d.csv").write_text("\n".join(rows) + "\n")
    data = '[data]\nsource = "csv"\npath = "d.csv"\nheader = true\nlabel = 0\n'
    text = re.sub(r"\[data\].*?(?=\[model\])", data, GOOD, flags=re.DOTALL)
    recipe.write_text(text)
    x = np.array([[0.5, 2], [1e-3, -4], [3, 4]])
    model = sb.Sequential([sb.layers.Dense(3, "relu"), sb.layers.Dense(2, "softmax")], seed=7)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, [1, 0, 1], epochs=2, batch_size=4, verbose=0)
    assert sb.train(recipe, verbose=0).digest() == model.digest()
    (recipe.parent / "d.csv").write_text("\n".join([*rows, "1,2"]) + "\n")
    ragged = command("train", str(recipe))
    assert ragged.returncode in (1, 2)
    assert "d.csv:5" in ragged.stderr


def test_cmake_dir_of_a_package_without_the_cpp_part() -> None:
    """What a wheel has is shown in tests/wheel; a build tree's package has none."""
    done = command("--cmake-dir")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("[cmake-dir] the C++ package is a part of installed wheels; got ")
    assert done.stderr.endswith("install samebits by pip, or run cmake --install on the build tree\n")
