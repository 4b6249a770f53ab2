"""Writes digits_halves/: the first 1,000 digits that are part of samebits, cut into a left and a right half.

They are there already; this shows where they come from. No arithmetic: bytes are copied.
"""

from pathlib import Path

import numpy as np

import samebits as sb

FOLDER = Path(__file__).resolve().parent / "digits_halves"
(images, labels), _ = sb.datasets.load_digits()
FOLDER.mkdir(exist_ok=True)
np.save(FOLDER / "left.npy", np.ascontiguousarray(images[:1000, :, :4, np.newaxis]))
np.save(FOLDER / "right.npy", np.ascontiguousarray(images[:1000, :, 4:, np.newaxis]))
np.save(FOLDER / "label.npy", labels[:1000])
