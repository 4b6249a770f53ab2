"""The choices that change time and memory, never bits; and what this process runs on."""

from __future__ import annotations

from typing import Literal, NamedTuple

from . import _core
from ._checks import text, whole
from ._html import table

__all__ = ["Device", "Devices", "Info", "Memory", "configure", "devices", "info", "memory", "reset_memory_peak"]


class Device(NamedTuple):
    """Something that models can run on."""

    name: str
    """What configure(device=...) takes: "cpu"."""
    description: str
    """The processor's own name."""


class Memory(NamedTuple):
    """Bytes that the library holds: weights, optimizer state, buffers. Not what Python and NumPy hold."""

    used: int
    peak: int
    """Most since the start or since reset_memory_peak()."""
    limit: int
    """0: none."""
    reserved: int
    """Taken up front by memory="preallocate", else 0."""


class Devices(list[Device]):
    """What devices() returns: a list that notebooks show as a table."""

    def _repr_html_(self) -> str:
        return table("devices", Device._fields, self)


class Info(dict[str, str]):
    """What info() returns: a dict that notebooks show as a table."""

    def _repr_html_(self) -> str:
        return table("samebits", (), self.items())


def configure(
    *,
    threads: int | None = None,
    isa: Literal["generic", "avx2", "avx512", "neon"] | None = None,
    device: str | None = None,
    engine: Literal["portable", "native"] | None = None,
    memory: Literal["grow", "preallocate"] | None = None,
    memory_limit: int | str | None = None,
) -> None:
    """Choose how to run. All or nothing: when one value is refused, none is set; what is left out stays as it is.

    Parameters
    ----------
    threads
        At least 1. At start: SAMEBITS_THREADS, else the CPUs that this process may use.
    isa
        The instruction set. At start: SAMEBITS_ISA, else the widest that this machine has.
    device
        "cpu".
    engine
        "portable".
    memory
        "grow" takes memory when it is needed (at start), "preallocate" takes memory_limit at once.
    memory_limit
        Bytes, or text: "512MB" (10^6), "2GiB" (2^30). 0 takes the limit away. At start: SAMEBITS_MEMORY_LIMIT, else none.

    Raises
    ------
    TypeError
        For a wrong type.
    ValueError
        For a value that breaks a rule or that this machine lacks.
    NotImplementedError
        For a device or an engine that is not here yet.
    """
    limit: int | None = None
    if isinstance(memory_limit, str):
        limit = _core.parse_bytes(text("runtime", "memory_limit", memory_limit))
    elif memory_limit is not None:
        limit = whole("runtime", "memory_limit", memory_limit, unsigned=True)
    _core.configure(
        threads=None if threads is None else max(-(2**31), min(whole("runtime", "threads", threads), 2**31 - 1)),
        isa=None if isa is None else text("runtime", "isa", isa),
        device=None if device is None else text("runtime", "device", device),
        engine=None if engine is None else text("runtime", "engine", engine),
        memory=None if memory is None else text("runtime", "memory", memory),
        memory_limit=limit,
    )


def devices() -> Devices:
    """List what models can run on."""
    return Devices(Device(*device) for device in _core.devices())


def info() -> Info:
    """Tell versions, numerics profile, engine, class of promise, device, instruction sets, threads and memory."""
    return Info(_core.info())


def memory() -> Memory:
    """Tell how much the library holds."""
    return Memory(*_core.memory())


def reset_memory_peak() -> None:
    """Start anew to watch for the peak."""
    _core.reset_memory_peak()
