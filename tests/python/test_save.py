"""Files: what is saved goes on as if it had never stopped; what is broken is refused."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

import samebits as sb
from support import blobs, cnn, state

X, Y = blobs()


@pytest.mark.parametrize("optimizer", [sb.optimizers.Adam(0.003), sb.optimizers.SGD(0.1), sb.optimizers.SGD(0.1, 0.9, True)])
def test_continued_is_uninterrupted(optimizer: sb.optimizers.Optimizer, tmp_path: Path) -> None:
    models = [cnn(compiled=False) for _ in range(2)]
    for model in models:
        own = type(optimizer).from_config(optimizer.get_config())
        model.compile(own, "sparse_categorical_crossentropy", metrics=["accuracy"])
    models[0].fit(X, Y, epochs=3, batch_size=16, verbose=0)
    models[1].fit(X, Y, epochs=1, batch_size=16, verbose=0)
    models[1].save(tmp_path / "m.safetensors")
    loaded = sb.load_model(tmp_path / "m.safetensors")
    assert state(loaded) == state(models[1])
    history = loaded.fit(X, Y, epochs=2, batch_size=16, verbose=0)
    assert history.epoch == [1, 2]
    assert "accuracy" in history.history
    assert loaded.digest() == models[0].digest()
    assert loaded.optimizer is not None
    assert loaded.optimizer.get_config() == optimizer.get_config()
    forgetful = sb.models.model_from_json(models[1].to_json())
    forgetful.set_weights(models[1].get_weights())
    forgetful.compile(optimizer, "sparse_categorical_crossentropy")
    forgetful.fit(X, Y, epochs=2, batch_size=16, verbose=0)
    assert forgetful.digest() != models[0].digest()  # the state of counters and optimizer is what makes it equal


def test_a_loaded_model_is_a_whole_model(tmp_path: Path) -> None:
    model = cnn()
    model.save(tmp_path / "m.safetensors")
    loaded = sb.load_model(str(tmp_path / "m.safetensors"))
    assert isinstance(loaded, sb.Sequential)
    assert [repr(a) for a in loaded.layers] == [repr(a) for a in model.layers]
    assert [a.name for a in loaded.layers] == [a.name for a in model.layers]
    np.testing.assert_array_equal(loaded.predict(X, verbose=0), model.predict(X, verbose=0))
    loaded.layers[-1].set_weights([np.zeros((24, 3)), np.zeros(3)])
    assert loaded.digest() != model.digest()


def test_uncompiled_models_can_be_saved(tmp_path: Path) -> None:
    model = cnn(compiled=False)
    model.save(tmp_path / "m.safetensors")
    loaded = sb.load_model(tmp_path / "m.safetensors")
    assert loaded.digest() == model.digest()
    assert loaded.optimizer is None
    with pytest.raises(ValueError, match="compile"):
        loaded.fit(X, Y)


def test_a_foreign_tensor_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    model = cnn()
    model.fit(X, Y, verbose=0)
    model.save(path)
    with path.open("rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        metadata = json.loads(file.read(size))["__metadata__"]
    tensors = safetensors.numpy.load_file(path)
    safetensors.numpy.save_file(tensors, path, metadata)
    assert sb.load_model(path).digest() == model.digest()
    safetensors.numpy.save_file({**tensors, "stranger": np.zeros(1, np.float32)}, path, metadata)
    with pytest.raises(OSError, match=r"weights and optimizer slots; got \d+ tensors"):
        sb.load_model(path)


def test_the_safetensors_package_reads_it(tmp_path: Path) -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "m.safetensors")
    model.save_weights(tmp_path / "w.safetensors")
    theirs = safetensors.numpy.load_file(tmp_path / "m.safetensors")
    weights = safetensors.numpy.load_file(tmp_path / "w.safetensors")
    assert set(weights) == {w.path for w in model.weights}
    for weight in model.weights:
        np.testing.assert_array_equal(theirs[weight.path], weight.numpy())
        np.testing.assert_array_equal(weights[weight.path], weight.numpy())
    assert {name for name in theirs if name.startswith("optimizer/")} >= {
        "optimizer/dense/kernel/m",
        "optimizer/dense/kernel/v",
    }


def test_it_reads_what_the_safetensors_package_wrote(tmp_path: Path) -> None:
    model, other = cnn(seed=1), cnn(seed=2)
    tensors = {w.path: w.numpy() for w in other.weights}
    safetensors.numpy.save_file(tensors, tmp_path / "w.safetensors")
    model.load_weights(tmp_path / "w.safetensors")
    assert model.digest() == other.digest()


def test_load_weights_of_a_saved_model_keeps_the_counters(tmp_path: Path) -> None:
    model, other = cnn(), cnn()
    other.fit(X, Y, verbose=0)
    other.save(tmp_path / "m.safetensors")
    model.load_weights(tmp_path / "m.safetensors")
    assert model.digest() == other.digest()
    assert (model.epoch, model.step) == (0, 0)


def test_paths(tmp_path: Path) -> None:
    model = cnn()
    name = tmp_path / "Übung 数字.safetensors"
    model.save(name)
    assert sb.load_model(os.fsencode(name)).digest() == model.digest()  # type: ignore[arg-type]
    raw = os.fsencode(tmp_path) + b"/\xff.safetensors"
    model.save(raw)  # type: ignore[arg-type]
    assert sb.load_model(raw).digest() == model.digest()  # type: ignore[arg-type]
    with pytest.raises(OSError, match=r"^\["):
        sb.load_model(raw + b"\xfe")  # type: ignore[operator]
    model.save(name)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["Übung 数字.safetensors", os.fsdecode(b"\xff.safetensors")])


def rewrite(data: bytes, change: Callable[[dict[str, dict[str, object]]], object]) -> bytes:
    """The file with another header."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[8 + length :]


def entry(header: dict[str, dict[str, object]], **values: object) -> None:
    header["dense/kernel"].update(values)


def metadata(header: dict[str, dict[str, object]], change: Callable[[dict[str, object]], object]) -> None:
    content = json.loads(str(header["__metadata__"]["samebits"]))
    change(content)
    header["__metadata__"]["samebits"] = json.dumps(content)


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda d: b"",
    "seven bytes": lambda d: d[:7],
    "header only": lambda d: d[: 8 + struct.unpack("<Q", d[:8])[0]],
    "one byte short": lambda d: d[:-1],
    "half": lambda d: d[: len(d) // 2],
    "one byte more": lambda d: d + b"\0",
    "huge header": lambda d: struct.pack("<Q", 1 << 62) + d[8:],
    "header past the end": lambda d: struct.pack("<Q", len(d)) + d[8:],
    "no JSON": lambda d: d[:8] + b"x" + d[9:],
    "deep JSON": lambda d: struct.pack("<Q", 200_000) + b"[" * 200_000 + d,
    "not UTF-8": lambda d: d[:10] + b"\xff" + d[11:],
    "overlap": lambda d: rewrite(d, lambda h: entry(h, data_offsets=h["conv2d/kernel"]["data_offsets"])),
    "offsets past the end": lambda d: rewrite(d, lambda h: entry(h, data_offsets=[10**9, 10**9 + 288])),
    "negative offsets": lambda d: rewrite(d, lambda h: entry(h, data_offsets=[-288, 0])),
    "reversed offsets": lambda d: rewrite(d, lambda h: entry(h, data_offsets=[288, 0])),
    "offsets of text": lambda d: rewrite(d, lambda h: entry(h, data_offsets=["0", "288"])),
    "another size": lambda d: rewrite(d, lambda h: entry(h, shape=[24, 4])),
    "overflowing shape": lambda d: rewrite(d, lambda h: entry(h, shape=[2**32, 2**32, 2**32])),
    "negative shape": lambda d: rewrite(d, lambda h: entry(h, shape=[-24, -3])),
    "unknown dtype": lambda d: rewrite(d, lambda h: entry(h, dtype="F31")),
    "missing weight": lambda d: rewrite(d, lambda h: h.pop("dense/kernel")),
    "no metadata": lambda d: rewrite(d, lambda h: h.pop("__metadata__")),
    "metadata no JSON": lambda d: rewrite(d, lambda h: h["__metadata__"].update(samebits="{")),
    "metadata a list": lambda d: rewrite(d, lambda h: h["__metadata__"].update(samebits="[]")),
    "layers a number": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(layers=3))),
    "unknown layer": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(layers=[{"type": "Dens"}]))),
    "huge layer": lambda d: rewrite(
        d, lambda h: metadata(h, lambda m: m.update(layers=[{"type": "Dense", "units": 2**61}], input_shape=[2**40]))
    ),
    "input shape of text": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(input_shape="abc"))),
    "another input shape": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(input_shape=[1]))),
    "no counters": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.pop("counters"))),
    "counters of text": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(counters={"epoch": "x", "step": 0}))),
    "negative counters": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m["counters"].update(epoch=-1))),  # type: ignore[attr-defined]
    "seed of text": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(seed="7"))),
    "negative seed": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m.update(seed=-7))),
    "unknown loss": lambda d: rewrite(d, lambda h: metadata(h, lambda m: m["compile"].update(loss="mxe"))),  # type: ignore[attr-defined]
    "NaN weight": lambda d: d[:-4] + struct.pack("<f", float("nan")),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files_are_refused(kind: str, tmp_path: Path) -> None:
    model = cnn()
    model.fit(X, Y, verbose=0)
    good = tmp_path / "good.safetensors"
    model.save(good)
    bad = tmp_path / "bad.safetensors"
    bad.write_bytes(BROKEN[kind](good.read_bytes()))
    with pytest.raises(OSError, match=r"^\[.*bad\.safetensors"):
        sb.load_model(bad)


def test_another_profile_is_refused_by_name(tmp_path: Path) -> None:
    model = cnn()
    model.save(tmp_path / "m.safetensors")
    data = (tmp_path / "m.safetensors").read_bytes()
    (tmp_path / "m.safetensors").write_bytes(rewrite(data, lambda h: metadata(h, lambda m: m.update(profile=2))))
    with pytest.raises(NotImplementedError, match="profile 2"):
        sb.load_model(tmp_path / "m.safetensors")


def test_load_weights_refuses_and_leaves_the_model(tmp_path: Path) -> None:
    model = cnn()
    before = state(model)
    tensors = {w.path: w.numpy() for w in model.weights}
    cases: list[tuple[type[Exception], dict[str, np.ndarray]]] = [
        (ValueError, {k: v for k, v in tensors.items() if k != "dense/bias"}),
        (ValueError, tensors | {"other/kernel": np.zeros(3, np.float32)}),
        (ValueError, tensors | {"dense/bias": np.zeros(4, np.float32)}),
        (ValueError, {k: v + 1 for k, v in tensors.items()} | {"dense/bias": np.full(3, np.nan, np.float32)}),
    ]
    for error, content in cases:
        safetensors.numpy.save_file(content, tmp_path / "w.safetensors")
        with pytest.raises(error, match=r"^\[load"):
            model.load_weights(tmp_path / "w.safetensors")
        assert state(model) == before
    (tmp_path / "w.safetensors").write_bytes(b"nothing")
    with pytest.raises(OSError, match=r"^\["):
        model.load_weights(tmp_path / "w.safetensors")
    assert state(model) == before


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    model = cnn()
    target = tmp_path / "m.safetensors"
    model.save(target)
    size = target.stat().st_size
    held = target.open("rb")
    model.fit(X, Y, verbose=0)
    model.save(target)
    assert len(held.read()) == size  # who had the old file open still has it whole
    held.close()
    assert [p.name for p in tmp_path.iterdir()] == ["m.safetensors"]
    with pytest.raises(OSError, match=r"^\["):
        model.save(tmp_path)
    assert sb.load_model(target).digest() == model.digest()
