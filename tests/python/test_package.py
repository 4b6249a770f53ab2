"""The C++ package: installed and found, or a subdirectory; its headers; what its library shows."""

import json
import os
import shutil
from pathlib import Path

import consumer
import pytest

import samebits as sb
from samebits import _core
from support import ROOT, python

BUILD = Path(os.environ.get("SAMEBITS_BUILD_DIR", ROOT / "build" / "release"))


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An install tree."""
    folder = tmp_path_factory.mktemp("prefix")
    consumer.run("cmake", "--install", BUILD, "--prefix", folder, "--component", "development")
    return folder


def test_a_program_finds_builds_and_runs(prefix: Path, tmp_path: Path) -> None:
    """And every public header compiles alone under -Wall -Wextra -Wconversion -Werror."""
    consumer.build(tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}", headers=True)
    consumer.train_and_predict(tmp_path)


def test_the_installed_files(prefix: Path) -> None:
    headers = {str(path.relative_to(prefix / "include")) for path in (prefix / "include").rglob("*.*")}
    assert headers == {*consumer.public_headers(), "samebits/eigen.h"}
    for file in prefix.rglob("*.cmake"):
        text = file.read_text()
        assert not any(name in text for name in ("fmt", "nlohmann", "toml", "Eigen", str(ROOT), str(BUILD))), file.name


def test_a_model_that_python_saved_predicts_in_cpp(prefix: Path, tmp_path: Path) -> None:
    """What Python trained and saved has the same accuracy and digest in a C++ program."""
    (x, y), (x_test, y_test) = sb.datasets.load_digits()
    layers = [sb.layers.Flatten(input_shape=(8, 8, 1)), sb.layers.Dense(10, activation="softmax")]
    model = sb.Sequential(layers, seed=3)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[..., None] / 16, y, epochs=2, verbose=0)
    model.save(tmp_path / "digits.safetensors")
    _, accuracy = model.evaluate(x_test[..., None] / 16, y_test, verbose=0)
    printed = consumer.run(BUILD / "examples" / "predict", tmp_path / "digits.safetensors")
    assert printed == f"{round(accuracy * 297)} of 297 digits right\ndigest: {model.digest()}\n"


def test_plugins_and_the_python_module_do_not_meet(prefix: Path, tmp_path: Path) -> None:
    """Three copies of the library in one process, all symbols global: each has its own threads, all the same bits."""
    consumer.build(tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}")
    (one,) = tmp_path.glob("*plugin.so")
    two = Path(shutil.copy(one, tmp_path / "two.so"))
    shown = consumer.visible(one)
    assert {"train", "threads"} <= shown
    assert not {name for name in shown if consumer.OURS.match(name)}
    code = f"""
import ctypes
plugins = [ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL) for path in ({str(one)!r}, {str(two)!r})]
import samebits as sb
for number, plugin in enumerate(plugins):
    plugin.train.restype = ctypes.c_char_p
    print(plugin.train(ctypes.c_int(number + 2)).decode())
sb.runtime.configure(threads=1)
print(sb.train({str(ROOT / "examples" / "digits_mlp.toml")!r}, verbose=0).digest())
print(*(plugin.threads() for plugin in plugins), sb.runtime.info()["threads"])
"""
    assert python(code).stdout.splitlines() == [consumer.GOLDEN["digits_mlp.toml"]] * 3 + ["2 3 1"]


def test_as_a_subdirectory_it_leaves_the_program_its_build_type(tmp_path: Path) -> None:
    """None here: samebits is optimized all the same."""
    more = [f"-DSAMEBITS_SOURCE={ROOT}", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
    consumer.run("cmake", "-S", ROOT / "tests" / "package", "-B", tmp_path, *more)
    assert "CMAKE_BUILD_TYPE:STRING=\n" in (tmp_path / "CMakeCache.txt").read_text()
    commands = {one["file"]: one["command"] for one in json.loads((tmp_path / "compile_commands.json").read_text())}
    assert " -O3 " not in commands[str(ROOT / "examples" / "digits.cpp")]
    assert " -O3 " in commands[str(ROOT / "cpp" / "samebits" / "train" / "engine.cpp")]


@pytest.mark.parametrize("option", ["-DSAMEBITS_DOWNLOAD=OFF", "-DSAMEBITS_DOWNLOAD=ON"])
def test_a_missing_library_is_told_by_its_package(option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without toml++, and without a network."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    hidden = ["-DCMAKE_IGNORE_PATH=/usr/include;/usr/local/include", "-DSAMEBITS_json_INCLUDE=/usr/include"]
    with pytest.raises(AssertionError, match="samebits needs toml; it is not on this machine") as error:
        consumer.run("cmake", "-S", ROOT, "-B", tmp_path, "-DSAMEBITS_TESTS=OFF", option, *hidden)
    assert "install it (apt: libtomlplusplus-dev)" in " ".join(str(error.value).split())


def test_only_the_api_is_visible(prefix: Path) -> None:
    (library,) = prefix.rglob("libsamebits.a")
    consumer.require_only_the_api(library)
    assert consumer.visible(Path(_core.__file__)) == {"PyInit__core"}
