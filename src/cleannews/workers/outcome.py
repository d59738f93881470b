"""What can come of an item besides the function's value: plain data and errors."""

from __future__ import annotations

from dataclasses import dataclass

from cleannews.document import CleannewsError


class WorkerDiedError(CleannewsError):
    """The process died over this item, twice: killed, out of memory, or a crash in a library."""


class TimeLimitError(CleannewsError):
    """The item took longer than the time limit."""


class WorkersUnusableError(CleannewsError):
    """No process can be started, or none gets as far as its first item."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Stands where the value of an item would be.

    Attributes:
        error: what the function raised, or a `WorkerDiedError` or `TimeLimitError`.

    """

    error: Exception
