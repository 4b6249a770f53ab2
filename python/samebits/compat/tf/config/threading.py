"""tf.config.threading: how many threads. They never change bits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .... import runtime
from .._offered import absent, once

__all__ = [
    "get_inter_op_parallelism_threads",
    "get_intra_op_parallelism_threads",
    "set_inter_op_parallelism_threads",
    "set_intra_op_parallelism_threads",
]

_AT_START = int(runtime.info()["threads"])


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Set the number of threads of an operation: samebits.runtime.configure(threads=...). 0: as many as at the start."""
    runtime.configure(threads=_AT_START if num_threads == 0 else num_threads)


def get_intra_op_parallelism_threads() -> int:
    """Return the number of threads of an operation."""
    return int(runtime.info()["threads"])


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Accept any number: operations run one after the other. A warning says so for more than 1."""
    if num_threads > 1:
        once(
            f"[tf.config.threading] operations run one after the other; got {num_threads} threads between operations;"
            " it changes nothing, set_intra_op_parallelism_threads does",
            stacklevel=2,
        )


def get_inter_op_parallelism_threads() -> int:
    """Return 1."""
    return 1


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
