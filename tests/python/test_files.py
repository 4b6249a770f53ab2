"""IDX and CIFAR files, from Python and from recipes."""

import struct
from pathlib import Path

import numpy as np
import pytest

import samebits as sb
from support import Array

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}


def write_idx(path: Path, array: Array) -> Path:
    header = bytes([0, 0, CODES[array.dtype.name], array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(header + array.astype(array.dtype.newbyteorder(">")).tobytes())
    return path


def write_cifar(path: Path, x: Array, *labels: Array) -> Path:
    planes = x.transpose(0, 3, 1, 2).reshape(len(x), -1)
    path.write_bytes(np.concatenate([*(y[:, None] for y in labels), planes], axis=1).astype(np.uint8).tobytes())
    return path


@pytest.mark.parametrize("dtype", CODES)
@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 5), (0, 4)])
def test_idx(tmp_path: Path, dtype: str, shape: tuple[int, ...]) -> None:
    want = (np.random.default_rng(1).normal(size=shape) * 100).astype(dtype)
    found = sb.data.read_idx(write_idx(tmp_path / "a", want))
    assert found.dtype == want.dtype and found.shape == shape and found.tobytes() == want.tobytes()


def images(n: int) -> tuple[Array, Array, Array]:
    random = np.random.default_rng(n)
    return random.integers(0, 256, (n, 32, 32, 3), np.uint8), random.integers(0, 10, n), random.integers(0, 100, n)


def test_cifar(tmp_path: Path) -> None:
    x, a, b = images(5)
    ten = [write_cifar(tmp_path / "1.bin", x[:3], a[:3]), write_cifar(tmp_path / "2.bin", x[3:], a[3:])]
    for paths, rows in ((ten, slice(None)), ([str(ten[1])], slice(3, None)), (ten[0], slice(3))):
        found, labels = sb.data.read_cifar(paths)
        assert found.dtype == labels.dtype == np.uint8
        assert np.array_equal(found, x[rows]) and np.array_equal(labels, a[rows])
    hundred = write_cifar(tmp_path / "train.bin", x, a, b)
    for label, want in (("fine", b), ("coarse", a)):
        found, labels = sb.data.read_cifar(hundred, "cifar100", label)  # type: ignore[arg-type]
        assert np.array_equal(found, x) and np.array_equal(labels, want)


def test_refused_files(tmp_path: Path) -> None:
    packed = tmp_path / "train-images-idx3-ubyte.gz"
    packed.write_bytes(b"\x1f\x8b\x08\0 and so on")
    for read in (sb.data.read_idx, sb.data.read_cifar):
        with pytest.raises(OSError, match=r"^\[read_\w+\] the file must be unpacked; got gzip.*train-images-idx3-ubyte\.gz"):
            read(packed)
        with pytest.raises(OSError, match="No such file"):
            read(tmp_path / "none")
        with pytest.raises(TypeError, match="a file name is a str or a path; got 3"):
            read([3] if read is sb.data.read_cifar else 3)  # type: ignore[arg-type, list-item]
    with pytest.raises(ValueError, match="at least one file; got none"):
        sb.data.read_cifar([])
    with pytest.raises(ValueError, match=r"\[read_cifar\] known are .*; got variant='cifar10', label='coarse'"):
        sb.data.read_cifar(packed, label="coarse")


RECIPE = """
profile = 1
seed = 7
[data]
{data}
divide = 255
[model]
layers = [{{ type = "Conv2D", filters = 2, kernel_size = 3 }}, {{ type = "Flatten" }}, {{ type = "Dense", units = 10 }}]
[train]
optimizer = "sgd"
loss = {{ type = "sparse_categorical_crossentropy", from_logits = true }}
batch_size = 4
"""


def trained(folder: Path, data: str) -> str:
    path = folder / "recipe.toml"
    path.write_text(RECIPE.format(data=data))
    return sb.train(path, verbose=0).digest()


def test_recipes_of_idx_and_cifar_give_the_digest_of_npy(tmp_path: Path) -> None:
    x, y, fine = images(9)
    gray = x[:, :8, :6, 0]

    def npy(x: Array, y: Array) -> str:
        np.save(tmp_path / "x.npy", x)
        np.save(tmp_path / "y.npy", y)
        return trained(tmp_path, 'source = "npy"\nx = "x.npy"\ny = "y.npy"')

    write_idx(tmp_path / "images", gray)
    write_idx(tmp_path / "labels", y.astype(np.uint8))
    idx = 'source = "idx"\nimages = "images"\nlabels = "labels"'
    assert trained(tmp_path, idx) == npy(gray[..., None], y)
    assert trained(tmp_path, idx + "\nshape = [6, 8, 1]") == npy(gray.reshape(9, 6, 8, 1), y)

    write_cifar(tmp_path / "1.bin", x[:4], y[:4])
    write_cifar(tmp_path / "2.bin", x[4:], y[4:])
    assert trained(tmp_path, 'source = "cifar"\npaths = ["1.bin", "2.bin"]') == npy(x, y)
    write_cifar(tmp_path / "train.bin", x, y, fine)
    hundred = 'source = "cifar"\nvariant = "cifar100"\npaths = ["train.bin"]\nlabel = "coarse"'
    assert trained(tmp_path, hundred) == npy(x, y)
    with pytest.raises(ValueError, match="whole numbers from 0 to 9"):
        trained(tmp_path, hundred.replace("coarse", "fine"))


@pytest.mark.parametrize(
    ("error", "line", "words", "data"),
    [
        (ValueError, 4, "labels is missing", 'source = "idx"\nimages = "x"'),
        (TypeError, 6, "paths must be a list of file names", 'source = "cifar"\npaths = "1.bin"'),
        (TypeError, 6, "paths must be a list of file names", 'source = "cifar"\npaths = []'),
        (TypeError, 6, "paths must be a list of file names", 'source = "cifar"\npaths = [1]'),
        (
            ValueError,
            7,
            'variant must be cifar10 or cifar100; got "cifar"',
            'source = "cifar"\npaths = ["a"]\nvariant = "cifar"',
        ),
        (ValueError, 7, "which has one label", 'source = "cifar"\npaths = ["a"]\nlabel = "coarse"'),
        (ValueError, 7, "is unknown here", 'source = "idx"\nimages = "x"\nlabel = "y"\nlabels = "z"'),
        (OSError, 0, r"none.bin \(No such file", 'source = "cifar"\npaths = ["none.bin"]'),
    ],
    ids=range(8),
)
def test_refused_recipes(tmp_path: Path, error: type[Exception], line: int, words: str, data: str) -> None:
    with pytest.raises(error, match=words) as caught:
        trained(tmp_path, data)
    assert not line or f"recipe.toml:{line}: " in str(caught.value)
