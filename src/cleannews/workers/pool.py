"""This side: starts the processes, hands out batches, and puts the answers in order.

Processes are started afresh from the interpreter, not forked: that is safe beside threads, inside notebooks, web
servers and other pools, and needs no guard in the caller's main module.

A process that dies takes the batches it had with it. Their items are then given out again one by one, and an item
over which a process dies a second time is the one to blame. A process that somebody killed costs nothing that way.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, TypeVar, cast

from cleannews.workers.child import receive, send
from cleannews.workers.outcome import Failed, TimeLimitError, WorkerDiedError, WorkersUnusableError

Item = TypeVar("Item")
Value = TypeVar("Value")

BATCHES_EACH = 2
"""Batches that a process has at a time: one in work, and one so that it need not wait."""

AHEAD = 8
"""Batches for each process that may be done or in work ahead of the oldest unfinished one. Bounds the memory."""

DEATHS_ALLOWED = 1
"""How often an item may be in the hands of a process that dies. Once can be chance."""

FAILED_STARTS_ALLOWED = 3
"""Processes in a row that may end before they are ready."""

_START = "import sys; sys.path[:] = {path!r}; from cleannews.workers.child import main; main()"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is handed out at once, and how long it may take.

    Attributes:
        batch_items: most items of a batch.
        batch_size: the size at which a batch is full, in the unit of `size`.
        seconds: time for an item; 0 is no limit. Kept on systems that have interval timers: not on Windows.
        unit: a larger item gets the time for every such part of its size.

    """

    batch_items: int = 64
    batch_size: int = 256_000
    seconds: float = 0.0
    unit: int = 1_000_000

    def seconds_for(self, size: int) -> float:
        """Return the time for an item of that size."""
        return self.seconds * max(1.0, size / self.unit)


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def here(function: Callable[[Item], Value], items: Iterable[Item]) -> Iterator[tuple[Item, Value | Failed]]:
    """Yield every item with its value, as `ordered` does, but in this process and without its protection."""
    for item in items:
        try:
            value: Value | Failed = function(item)
        except Exception as error:  # one item's trouble must not stop the others
            value = Failed(error)
        yield item, value


def ordered(  # noqa: PLR0913  (three of them are names)
    make: Callable[[], Callable[[Any], Value]],
    items: Iterable[Item],
    processes: int,
    *,
    work_of: Callable[[Item], Any],
    weight_of: Callable[[Item], int] | None = None,
    limits: Limits | None = None,
) -> Iterator[tuple[Item, Value | Failed]]:
    """Yield every item with its value, in order.

    Args:
        make: returns the function; it is sent to each process by pickle and called there once.
        items: read only as far ahead as the processes need.
        processes: how many.
        work_of: what of an item is sent to the function: str, bytes or anything with a pickle; None sends nothing,
            and the item comes back with None in its place among the others.
        weight_of: what an item takes in memory, if that is more than what is sent.
        limits: sizes of batches and the time limit.

    Raises:
        WorkersUnusableError: no process can be started.
    """
    pool: _Pool[Item, Value] = _Pool(make, processes, limits or Limits())
    try:
        yield from pool.run(items, work_of, weight_of or _no_weight)
    finally:
        pool.close()


@dataclass(slots=True, eq=False)
class _Slot(Generic[Item]):
    """An item on its way."""

    item: Item
    work: Any
    weight: int
    deaths: int = 0
    is_done: bool = False
    value: Any = None


@dataclass(slots=True, eq=False)
class _Worker:
    """A process, and what it has in hand."""

    process: subprocess.Popen[bytes]
    batches: deque[list[_Slot[Any]]] = field(default_factory=deque)
    is_ready: bool = False
    listener: threading.Thread | None = None


class _Pool(Generic[Item, Value]):
    def __init__(self, make: Callable[[], Callable[[Any], Value]], processes: int, limits: Limits) -> None:
        self._make = make
        self._limits = limits
        self._messages: queue.SimpleQueue[tuple[_Worker, Any]] = queue.SimpleQueue()
        self._again: deque[list[_Slot[Item]]] = deque()
        self._window: deque[list[_Slot[Item]]] = deque()
        self._failed_starts = 0
        self._processes = processes
        self._workers: list[_Worker] = []

    def run(
        self, items: Iterable[Item], work_of: Callable[[Item], Any], weight_of: Callable[[Item], int]
    ) -> Iterator[tuple[Item, Value | Failed]]:
        batches = self._batches(items, work_of, weight_of)
        is_open = True
        while is_open or self._window:
            is_open = self._hand_out(batches) if is_open else is_open
            self._hand_out_again()
            if self._window and all(slot.is_done for slot in self._window[0]):
                for slot in self._window.popleft():
                    yield slot.item, slot.value
            elif self._window:
                self._handle(*self._messages.get())

    def _batches(
        self, items: Iterable[Item], work_of: Callable[[Item], Any], weight_of: Callable[[Item], int]
    ) -> Iterator[list[_Slot[Item]]]:
        batch: list[_Slot[Item]] = []
        count = size = 0
        for item in items:
            work = work_of(item)
            batch.append(_Slot(item, work, max(size_of(work), weight_of(item)), is_done=work is None))
            count += 1
            size += batch[-1].weight
            if count >= self._limits.batch_items or size >= self._limits.batch_size:
                yield batch
                batch, count, size = [], 0, 0
        if batch:
            yield batch

    def _hand_out(self, batches: Iterator[list[_Slot[Item]]]) -> bool:
        """Give new batches to processes that have room; return whether there are more."""
        while self._has_room() and (self._again or self._idle() is not None):
            if self._again:
                return True
            batch = next(batches, None)
            if batch is None:
                return False
            self._window.append(batch)
            self._give([slot for slot in batch if not slot.is_done])
        return True

    def _has_room(self) -> bool:
        """Return whether more may be read: a count for small items, a size for large ones, and work for everybody."""
        most = AHEAD * self._processes
        if len(self._window) >= most:
            return False
        size = sum(slot.weight for batch in self._window for slot in batch)
        return size < most * self._limits.batch_size or len(self._window) < self._processes

    def _hand_out_again(self) -> None:
        while self._again and self._idle() is not None:
            self._give(self._again.popleft())

    def _idle(self) -> _Worker | None:
        """Return the process with the least in hand, started if need be; None if none has room."""
        if len(self._workers) < self._processes:
            self._workers.append(self._started())
        worker = min(self._workers, key=lambda worker: len(worker.batches))
        return worker if len(worker.batches) < BATCHES_EACH else None

    def _give(self, batch: list[_Slot[Item]]) -> None:
        worker = self._idle()
        if not batch or worker is None:
            return
        worker.batches.append(batch)
        work = [(slot.work, self._limits.seconds_for(size_of(slot.work))) for slot in batch]
        with contextlib.suppress(OSError):  # it died; its last message says so
            send(cast("BinaryIO", worker.process.stdin), work)

    def _started(self) -> _Worker:
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", _START.format(path=sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,  # a buffer would have a lock, which cannot be had when the interpreter ends
            )
        except OSError as error:
            raise WorkersUnusableError(f"cannot start a process: {error.strerror}") from error
        worker = _Worker(process)
        with contextlib.suppress(OSError):
            send(cast("BinaryIO", process.stdin), self._make)
        worker.listener = threading.Thread(target=self._listen, args=(worker,), daemon=True)
        worker.listener.start()
        return worker

    def _listen(self, worker: _Worker) -> None:
        """Pass on what a process answers, and `EOFError` when it is gone."""
        with contextlib.suppress(EOFError, OSError, ValueError):
            while True:
                self._messages.put((worker, receive(cast("BinaryIO", worker.process.stdout))))
        self._messages.put((worker, EOFError()))

    def _handle(self, worker: _Worker, message: Any) -> None:  # noqa: ANN401
        if isinstance(message, EOFError):
            self._bury(worker)
        elif isinstance(message, str):
            raise WorkersUnusableError(f"a process cannot be used: {message}")
        elif not worker.is_ready:
            worker.is_ready = True
            self._failed_starts = 0
        else:
            for slot, value in zip(worker.batches.popleft(), message, strict=True):
                slot.is_done, slot.value, slot.work = True, value, None

    def _bury(self, worker: _Worker) -> None:
        status = worker.process.wait()
        _close_pipes(worker)
        self._workers.remove(worker)
        if not worker.is_ready:
            self._failed_starts += 1
            if self._failed_starts > FAILED_STARTS_ALLOWED:
                raise WorkersUnusableError(f"processes end before they begin ({_cause(status)})")
        elif worker.batches:
            self._blame(worker.batches.popleft(), status)
        # What the process had not begun, it cannot have died of.
        self._again.extend(worker.batches)

    def _blame(self, batch: list[_Slot[Any]], status: int) -> None:
        if len(batch) == 1 and batch[0].deaths >= DEATHS_ALLOWED:
            slot = batch[0]
            slot.is_done, slot.value, slot.work = True, Failed(_error(status, self._limits)), None
            return
        for slot in batch:
            slot.deaths += 1
            self._again.append([slot])

    def close(self) -> None:
        """End all processes, whatever they do."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.wait()
            _close_pipes(worker)
        self._workers.clear()


def size_of(work: object) -> int:
    """Return how large an item is for batches: the length of a text or of bytes, and nothing for anything else."""
    return len(work) if isinstance(work, str | bytes) else 0


def _no_weight(_item: object) -> int:
    return 0


def _close_pipes(worker: _Worker) -> None:
    if worker.listener is not None and not sys.is_finalizing():
        worker.listener.join()  # it has seen the end; before that its pipe must not be closed
    for pipe in (worker.process.stdin, worker.process.stdout):
        with contextlib.suppress(OSError):
            cast("BinaryIO", pipe).close()


def _error(status: int, limits: Limits) -> Exception:
    if hasattr(signal, "SIGALRM") and status == -signal.SIGALRM:
        return TimeLimitError(f"took longer than the time limit of {limits.seconds:g} s")
    return WorkerDiedError(f"the process that cleaned it died ({_cause(status)})")


def _cause(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
