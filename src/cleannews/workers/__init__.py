"""A function over a stream of items, in processes: in order, with bounded memory, and a crash costs one item.

It knows nothing of what the function does. `ordered` is the whole of it; a function that fails, dies or takes too
long on an item gives a `Failed` in that item's place.
"""

from cleannews.workers.outcome import Failed, TimeLimitError, WorkerDiedError, WorkersUnusableError
from cleannews.workers.pool import Limits, available_cores, here, ordered

__all__ = [
    "Failed",
    "Limits",
    "TimeLimitError",
    "WorkerDiedError",
    "WorkersUnusableError",
    "available_cores",
    "here",
    "ordered",
]
