"""Whether np.random was drawn from before anybody seeded it: data made so differ from run to run, and the digest with them.

NumPy makes its global generator from the operating system's entropy and keeps that in the bit generator's `seed_seq`, which
np.random.seed() sets to None. So its first state can be made anew, and whether the present state lies ahead of it on the
generator's path is a fact. What is not known is not said: a seed that came after the draws, np.random.seed() without a number,
generators of np.random.default_rng().
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np

_BLOCK = 624  # draws between two changes of MT19937's state
_FAR = 2**18  # blocks that are followed: 160 million draws, in 0.8 s
_AT_ONCE = 2**8

_global: Any = None
_known: bool | None = None
_told = False


def watch() -> None:
    """Keep the global generator in sight, from now on even when another takes its place: that one was made by somebody, with a
    seed or not. NumPy makes it when np.random is first used."""
    global _global
    made = sys.modules.get("numpy.random.mtrand")
    if _global is None and made is not None:
        _global = made.get_bit_generator()


def look() -> None:
    """Find out, as long as it is not known. Call it before the state changes by a seed."""
    global _known
    watch()
    if _known is None and _global is not None:
        _known = _drawn_unseeded()


def tell() -> None:
    """Warn once when it is so, naming the user's line."""
    global _told
    look()
    if not _known or _told:
        return
    _told = True
    warnings.warn(
        "[np.random] data must be pinned for a digest to be; got draws from np.random, which was not seeded before:"
        " arrays made of them differ from run to run, and the digest with them; call np.random.seed(0) before the first draw,"
        " or save the arrays once (np.save) and load them",
        stacklevel=_outside(),
    )


def _outside() -> int:
    """How far above tell() the calls of this package end, as warnings count."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "samebits":
        level, frame = level + 1, frame.f_back
    return level


def _drawn_unseeded() -> bool | None:
    """True: draws were made from the system's entropy. False: somebody else set the state. None: nothing happened yet."""
    seeds = getattr(_global, "seed_seq", None)
    if not isinstance(_global, np.random.MT19937):
        return False
    # The system's entropy has 128 bits; a smaller number is one that somebody chose.
    if not isinstance(seeds, np.random.SeedSequence) or not isinstance(seeds.entropy, int) or seeds.entropy < 2**64:
        return False
    walker = np.random.MT19937(np.random.SeedSequence(seeds.entropy))
    first, now = _state(walker), _state(_global)
    if np.array_equal(first["key"], now["key"]):
        return None if first["pos"] == now["pos"] else True
    begun = np.random.MT19937(0)
    begun.state = {"bit_generator": "MT19937", "state": {"key": now["key"], "pos": 0}}
    wanted = begun.random_raw(4)  # 128 bits of the present block
    walker.random_raw(_BLOCK - first["pos"])
    for _ in range(_FAR // _AT_ONCE):
        begins = walker.random_raw(_BLOCK * _AT_ONCE).reshape(_AT_ONCE, _BLOCK)[:, : len(wanted)]
        if (begins == wanted).all(axis=1).any():
            return True
    return False


def _state(generator: np.random.MT19937) -> dict[str, Any]:
    state: dict[str, Any] = generator.state["state"]  # type: ignore[assignment]
    return state


watch()
