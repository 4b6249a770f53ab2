"""tf.errors: what `except` clauses name. samebits's own errors come as these, and stay what they are besides.

| raised by samebits | is also | because |
|---|---|---|
| ValueError | InvalidArgumentError | what was given breaks a rule |
| NotImplementedError | UnimplementedError | Keras has it, samebits not yet |
| MemoryError; ValueError over the memory limit | ResourceExhaustedError | |
| RunFailedError, NonFiniteError, RuntimeError | InternalError | a run went wrong although nothing asked was wrong |

The methods of tf.keras's models that train, evaluate and predict raise them. An exception of the user's own (in a callback, in
a generator) stays as it is, and so do TypeError and OSError, which Keras raises too. The other classes are never raised.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from ..._core import NonFiniteError, RunFailedError
from ._offered import absent

__all__ = [
    "AbortedError",
    "AlreadyExistsError",
    "CancelledError",
    "DataLossError",
    "DeadlineExceededError",
    "FailedPreconditionError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "OpError",
    "OutOfRangeError",
    "PermissionDeniedError",
    "ResourceExhaustedError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "UnknownError",
]


class OpError(Exception):
    """What all of them are."""

    @property
    def message(self) -> str:
        """The text."""
        return str(self)


class InvalidArgumentError(OpError, ValueError):
    """What was given breaks a rule."""


class UnimplementedError(OpError, NotImplementedError):
    """Keras has it, samebits not yet."""


class ResourceExhaustedError(OpError, MemoryError, ValueError):
    """No memory, or not within the memory limit: then also a ValueError, as samebits says it."""


class InternalError(OpError, RunFailedError):
    """A run went wrong although nothing that was asked was wrong."""


class _NonFiniteError(InternalError, NonFiniteError):
    """A loss, gradient, weight or optimizer slot became NaN or infinite."""


class AbortedError(OpError):
    """Never raised by samebits."""


class AlreadyExistsError(OpError):
    """Never raised by samebits."""


class CancelledError(OpError):
    """Never raised by samebits."""


class DataLossError(OpError):
    """Never raised by samebits."""


class DeadlineExceededError(OpError):
    """Never raised by samebits."""


class FailedPreconditionError(OpError):
    """Never raised by samebits."""


class NotFoundError(OpError):
    """Never raised by samebits."""


class OutOfRangeError(OpError):
    """Never raised by samebits."""


class PermissionDeniedError(OpError):
    """Never raised by samebits."""


class UnauthenticatedError(OpError):
    """Never raised by samebits."""


class UnavailableError(OpError):
    """Never raised by samebits."""


class UnknownError(OpError):
    """Never raised by samebits."""


def as_tf(error: Exception) -> Exception:
    """The same error as one of these; `error` itself when it is not samebits's, or has no such meaning."""
    kind: type[OpError]
    if isinstance(error, OpError) or not _ours(error.__traceback__):
        return error
    if isinstance(error, NonFiniteError):
        kind = _NonFiniteError
    elif isinstance(error, NotImplementedError):
        kind = UnimplementedError
    elif isinstance(error, RuntimeError):
        kind = InternalError
    elif isinstance(error, MemoryError) or (isinstance(error, ValueError) and str(error).startswith("[memory]")):
        kind = ResourceExhaustedError
    elif isinstance(error, ValueError):
        kind = InvalidArgumentError
    else:
        return error
    return kind(*error.args).with_traceback(error.__traceback__)


def _ours(trace: TracebackType | None) -> bool:
    """Whether no frame is a stranger's."""
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] != "samebits":
            return False
        trace = trace.tb_next
    return True


if not TYPE_CHECKING:
    __getattr__ = absent(__name__, __all__)
