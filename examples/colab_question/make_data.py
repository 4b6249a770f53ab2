"""Pins the data of the three programs: writes their arrays into ./my_data, once. All programs take them from there.

The numbers come from whole-number arithmetic alone, so that every machine writes the same bytes: NumPy's generators may give
other floats in another version. Each sample is brighter in the part of its inputs that belongs to its class.
"""

import os

import numpy as np

ARRAYS = {"dense": ((1000, 10), 2), "images": ((320, 28, 28, 3), 10), "loop": ((10_000, 100), 10)}


def bits(count: int, start: int) -> np.ndarray:
    """64 mixed bits for each of the numbers start, start + 1, ... (the finalizer of SplitMix64)."""
    z = np.arange(start, start + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def samples(shape: tuple[int, ...], classes: int, start: int) -> tuple[np.ndarray, np.ndarray]:
    """x in [0, 1), float32, in steps of 2^-24, and the classes, int32."""
    n, size = shape[0], int(np.prod(shape[1:]))
    labels = bits(n, start) % np.uint64(classes)
    noise = bits(n * size, start + n).reshape(n, size) >> np.uint64(40)
    part = np.arange(size, dtype=np.uint64) * np.uint64(classes) // np.uint64(size)
    codes = (noise >> np.uint64(1)) + (np.uint64(1 << 23) * (part == labels[:, np.newaxis]))
    return (codes.astype(np.float32) / np.float32(1 << 24)).reshape(shape), labels.astype(np.int32)


if __name__ == "__main__":
    os.makedirs("my_data", exist_ok=True)
    for number, (name, (shape, classes)) in enumerate(ARRAYS.items()):
        x, labels = samples(shape, classes, start=number << 32)
        np.save(f"my_data/{name}_x.npy", x)
        np.save(f"my_data/{name}_y.npy", labels)
        print(f"my_data/{name}_x.npy {x.shape} {x.dtype}, my_data/{name}_y.npy {labels.shape} {labels.dtype}")
