"""Makes digits.u8 from the load_digits of scikit-learn 1.9.1: python make_digits.py

The file is 1,797 * 64 bytes of pixels (0..16; image, row, column) and then 1,797 labels (0..9), in scikit-learn's order.
"""

import hashlib
import pathlib

import numpy as np
from sklearn.datasets import load_digits

digits = load_digits()
assert digits.images.shape == (1797, 8, 8) and digits.target.shape == (1797,)
pixels, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
assert (pixels == digits.images).all() and (labels == digits.target).all()

content = pixels.tobytes() + labels.tobytes()
pathlib.Path(__file__).with_name("digits.u8").write_bytes(content)
print(f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
