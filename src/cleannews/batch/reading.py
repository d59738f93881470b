"""From inputs to records: opening files, going through them, and saying where one is broken."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import BinaryIO, cast

from cleannews.batch.compression import damage, decompressed
from cleannews.batch.formats import Source, reader
from cleannews.batch.records import (
    Closed,
    Failure,
    FieldNames,
    Format,
    Input,
    Opened,
    Record,
    Replayed,
)
from cleannews.batch.wording import internal, reason_of
from cleannews.document import CleannewsError

Begin = Callable[[Input], "int | Failure | None"]
"""Says how many records of an input an interrupted run has done; None to leave it out."""

ReadEvent = Opened | Closed | Failure | Replayed | Record
"""What reading yields, in order."""


@dataclass(slots=True)
class Meter:
    """How far reading has come, in bytes of the files as they lie there.

    Attributes:
        total: all inputs together, where they have a size.
        done: of the inputs that have been read.

    """

    total: int = 0
    done: int = 0
    _open: BinaryIO | None = None

    def expect(self, inputs: Iterable[Input | Failure]) -> None:
        """Add the sizes of inputs to the total."""
        for item in inputs:
            if isinstance(item, Input) and item.path:
                self.total += size_of_file(item)

    def position(self) -> int:
        """Return how many bytes have been read."""
        if self._open is None:
            return self.done
        with suppress(OSError, ValueError):
            return self.done + self._open.tell()
        return self.done

    def opened(self, file: BinaryIO) -> None:
        """Note which file is being read."""
        self._open = file

    def closed(self, size: int) -> None:
        """Note that a file has been read."""
        self._open = None
        self.done += size


def size_of_file(item: Input) -> int:
    """Return an input's size; 0 where it has none."""
    with suppress(OSError):
        status = os.stat(item.path) if item.path else None  # noqa: PTH116
        return status.st_size if status and stat.S_ISREG(status.st_mode) else 0
    return 0


def read(planned: Iterable[Input | Failure], names: FieldNames, begin: Begin, meter: Meter) -> Iterator[ReadEvent]:
    """Yield the records of all inputs, each input between an `Opened` and a `Closed`.

    Args:
        planned: the inputs.
        names: which fields hold what.
        begin: is asked when an input comes up.
        meter: is told how far reading has come.
    """
    for item in planned:
        if isinstance(item, Failure):
            yield item
            continue
        done = begin(item)
        if isinstance(done, Failure):
            yield done
        elif done is not None:
            yield Opened(item)
            yield from _through(item, names, done, meter)
            meter.closed(size_of_file(item))


def _through(item: Input, names: FieldNames, done: int, meter: Meter) -> Iterator[ReadEvent]:
    """Yield the records of an input behind the first `done`, and how it ended."""
    last = 0
    failure = None
    records = _records(item, names, meter)
    try:
        for record in records:
            last = record.number
            if not done or record.number > done:
                yield record
            elif not record.is_document:
                yield Replayed(record)
    except (CleannewsError, OSError) as error:
        failure = _failure(item, last, reason_of(error) if isinstance(error, OSError) else str(error))
    except damage() as error:
        failure = _failure(item, last, f"the compressed data is broken: {error}")
    except Exception as error:  # one input's trouble must not stop the others
        failure = replace(_failure(item, last, internal(error)), error=error)
    if failure:
        yield failure
    yield Closed(item, is_complete=failure is None)


def _failure(item: Input, last: int, reason: str) -> Failure:
    if not item.format.is_data_set or last == 0:
        return Failure(item.name, reason, input=item)
    unit = {Format.JSONL: "line", Format.CSV: "line", Format.TSV: "line", Format.PARQUET: "row"}.get(
        item.format, "record"
    )
    return Failure(item.name, f"behind {unit} {last}: {reason}", input=item)


def _records(item: Input, names: FieldNames, meter: Meter) -> Iterator[Record]:
    if item.path is None:
        # Python has no stream where the caller closed it.
        if sys.stdin is None:
            raise OSError("is closed")
        file = cast("BinaryIO", sys.stdin.buffer)
        yield from reader(item.format)(Source(item, file, decompressed(file), names))
        return
    with item.path.open("rb") as file:
        meter.opened(file)
        stream = file if item.format is Format.PARQUET else decompressed(file)
        yield from reader(item.format)(Source(item, file, stream, names))
