"""The other side: a process that reads batches of items from standard input and answers on standard output.

A message is its length in eight bytes and a pickle. The first one in holds the function's maker; the first one out
says that the function is made, or why not. After that each batch, a list of (item, seconds), is answered by a list.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from cleannews.workers.outcome import Failed

HEADER = struct.Struct(">Q")
"""How the length of a message is written."""

WAITING_BATCHES = 2
"""Batches read ahead, so that the next one is there when one is done."""


def send(stream: BinaryIO, message: object) -> None:
    """Write one message.

    Raises:
        OSError: the other side is gone.
    """
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    for part in (HEADER.pack(len(content)), content):
        rest = memoryview(part)
        while rest:
            rest = rest[stream.write(rest) :]
    stream.flush()


def receive(stream: BinaryIO) -> Any:  # noqa: ANN401  (whatever was sent)
    """Read one message.

    Raises:
        EOFError: the other side is gone.
    """
    (size,) = HEADER.unpack(_exactly(stream, HEADER.size))
    return pickle.loads(_exactly(stream, size))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    """Read so many bytes of a stream that need not be buffered."""
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    """Answer batches until standard input ends."""
    # An interrupt of the terminal goes to everybody in front of it; only the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else writes to standard output would be read as an answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    try:
        function = receive(incoming)()
    except Exception as error:
        send(outgoing, f"{type(error).__name__}: {error}")
        return
    send(outgoing, None)
    batches: queue.Queue[list[tuple[Any, float]]] = queue.Queue(WAITING_BATCHES)
    threading.Thread(target=_read, args=(incoming, batches), daemon=True).start()
    while True:
        send(outgoing, [_answer(function, item, seconds) for item, seconds in batches.get()])


def _read(incoming: BinaryIO, batches: queue.Queue[list[tuple[Any, float]]]) -> None:
    """Keep reading while a batch is worked on: a parent that waits to be read could not read the answers."""
    with contextlib.suppress(EOFError, OSError):
        while True:
            batches.put(receive(incoming))
    os._exit(0)


def _answer(function: Callable[[Any], Any], item: Any, seconds: float) -> Any:  # noqa: ANN401
    _set_alarm(seconds)
    try:
        return _sendable(function(item))
    except Exception as error:
        return _sendable(Failed(error))
    finally:
        _set_alarm(0)


def _set_alarm(seconds: float) -> None:
    """Let the system end this process after that time, whatever it hangs in; no time is no alarm."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _sendable(value: Any) -> Any:  # noqa: ANN401
    """Return `value`; of an error that cannot be sent, its type and message."""
    if isinstance(value, Failed):
        try:
            pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        except Exception:
            return Failed(RuntimeError(f"{type(value.error).__name__}: {value.error}"))
    return value
