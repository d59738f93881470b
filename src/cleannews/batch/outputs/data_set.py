"""A data set that is being written: in a partial file with a journal, so that an interrupted run can be taken up.

After some thousand records the writing comes to a point from which it can go on: the compressor ends a member,
everything is on the disk, and the journal gets a line that says how far it is. The points depend on the records
alone, so the outcome is the same, byte for byte, whether a run was interrupted or not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cleannews.batch.compression import compressor
from cleannews.batch.formats import Encoder, compression_of
from cleannews.batch.outputs.files import beside, locked, put_in_place
from cleannews.batch.records import Failure, Input, Record, Result
from cleannews.batch.summary import Tally
from cleannews.batch.wording import real_path

POINT_RECORDS = 2_000
"""Records after which the writing comes to a point where it can be taken up: some seconds of work."""

POINT_BYTES = 16 << 20
"""The same in bytes, for long records."""


@dataclass(slots=True)
class Point:
    """How far a data set is written.

    Attributes:
        place: which of the inputs was being read.
        number: the last record of it that is written.
        written: documents that are written.
        changed: whether any of them was changed.
        lengths: of the partial file, at each point so far.
        tally: what was counted so far.
        state: what the encoder needs to go on.

    """

    place: int = 0
    number: int = 0
    written: int = 0
    changed: bool = False
    lengths: list[int] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    state: Any = None

    def line(self) -> str:
        """Return the point as a line of the journal: what came since the last one is enough of the lists."""
        data = {
            "place": self.place,
            "number": self.number,
            "written": self.written,
            "changed": self.changed,
            "length": self.lengths[-1],
            "tally": self.tally.as_data(),
            "state": self.state,
        }
        return json.dumps(data) + "\n"

    @classmethod
    def from_data(cls, data: dict[str, Any], lengths: list[int]) -> Point:
        """Return the point of a line of the journal."""
        tally = Tally.from_data(data["tally"])
        lengths = [*lengths, data["length"]]
        known = (data["place"], data["number"], data["written"], data["changed"])
        return cls(*known, lengths, tally, data["state"])


class DataSetFile:
    """Writes one data set. It holds the lock on its output from the beginning to `finish` or `close`."""

    def __init__(
        self, target: Path, encoder: Encoder, inputs: Sequence[Input], *, fingerprint: str, backup: str = ""
    ) -> None:
        """Begin, or take up what an interrupted run left.

        Args:
            target: the file to be.
            encoder: what turns results into its content.
            inputs: what it is made from.
            fingerprint: stands for everything that the content depends on; empty, if nothing can be taken up.
            backup: what is put behind the name of a file that is replaced; empty to keep none.

        Raises:
            BusyError: another run is writing it.
            OSError: it cannot be written.
            UnusableInputError: it cannot be compressed.
        """
        self.target = real_path(target)
        self.is_complete = True
        self._encoder = encoder
        self._backup = backup
        self._places = {item: place for place, item in enumerate(inputs)}
        self._compressor = compressor("" if encoder.has_own_compression else compression_of(self.target))
        self._partial = beside(self.target, "partial")
        self._journal = beside(self.target, "journal")
        self._fingerprint = fingerprint
        self._file: BinaryIO = locked(self._partial)
        try:
            self.point = self._taken_up()
        except BaseException:
            self._file.close()
            raise
        self._records = self._bytes = 0

    def _taken_up(self) -> Point:
        point = _last_point(self._journal, self._fingerprint) if self._fingerprint else None
        length = point.lengths[-1] if point else 0
        if point is None or self._file.seek(0, os.SEEK_END) < length:
            point, length = Point(), 0
            if self._fingerprint:
                _write_synced(self._journal, json.dumps(self._fingerprint) + "\n")
        self._file.truncate(length)
        self._file.seek(length)
        if point.lengths:
            self._encoder.resume(point.state)
        return point

    @property
    def is_taken_up(self) -> bool:
        """Whether an interrupted run left something of use."""
        return bool(self.point.lengths)

    def done_of(self, item: Input) -> int | None:
        """Return how many records of an input are written; None if the whole of it is."""
        place = self._places[item]
        if place < self.point.place:
            return None
        return self.point.number if place == self.point.place else 0

    def replay(self, record: Record) -> None:
        """Let the encoder see what is no document in the part that is written."""
        self._encoder.encode(Result(record, None))

    def add(self, result: Result) -> None:
        """Write a result, and come to a point if it is time.

        Raises:
            OSError: it cannot be written.
            UnusableInputError: it does not fit into the format.
        """
        self._write(self._encoder.encode(result))
        if not result.record.is_document:
            return
        self._records += 1
        point = self.point
        point.place, point.number = self._places[result.input], result.record.number
        point.written += 1
        point.changed = point.changed or result.is_changed or result.is_page
        point.tally.add(result)
        if self._records >= POINT_RECORDS or self._bytes >= POINT_BYTES:
            self._come_to_point()

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self.point.tally.fail(failure)

    def _write(self, content: bytes) -> None:
        self._bytes += len(content)
        self._file.write(self._compressor.compress(content))

    def _come_to_point(self) -> None:
        self._write(self._encoder.flush())
        self._file.write(self._compressor.end_member())
        self._file.flush()
        self.point.lengths.append(self._file.tell())
        self.point.state = self._encoder.state()
        self._records = self._bytes = 0
        if self._fingerprint:
            os.fsync(self._file.fileno())
            _append_synced(self._journal, self.point.line())

    def finish(self) -> None:
        """Put the file in its place.

        Raises:
            OSError: it cannot be written.
            UnusableInputError: its records do not fit into the format.
        """
        self._write(self._encoder.flush())
        self.point.lengths.append(self._file.tell())
        self._write(self._encoder.end())
        self._file.write(self._compressor.end_member())
        self._file.flush()
        self.point.lengths.append(self._file.tell())
        if self._encoder.needs_assembly:
            self._assemble()
            self.discard()
        else:
            # Once the file is in its place, another run may have begun: what is there then is not ours to remove.
            self._journal.unlink(missing_ok=True)
            put_in_place(self._file, self._partial, self.target, durable=True, backup=self._backup)
            self._close_file()

    def _assemble(self) -> None:
        assembled = beside(self.target, "tmp")
        try:
            with assembled.open("wb") as file:
                self._encoder.assemble(self._partial, self.point.lengths, file)
                put_in_place(file, assembled, self.target, durable=True, backup=self._backup)
        finally:
            with suppress(OSError):
                assembled.unlink(missing_ok=True)

    def discard(self) -> None:
        """Leave nothing behind."""
        for path in (self._journal, self._partial):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._close_file()

    def close(self) -> None:
        """Leave what another run can take up; if it can take up nothing, leave nothing."""
        if self._fingerprint and self.is_taken_up:
            self._close_file()
        else:
            self.discard()

    def _close_file(self) -> None:
        with suppress(OSError):  # of a full disk, once more
            self._file.close()


def remove_leftovers(target: Path) -> None:
    """Remove what a run left behind that was killed when its output was in place already."""
    target = real_path(target)
    for kind in ("journal", "partial", "tmp"):
        with suppress(OSError):
            beside(target, kind).unlink(missing_ok=True)


def _last_point(journal: Path, fingerprint: str) -> Point | None:
    """Return the last point in a journal that is whole; None if there is none, or it is of another run."""
    try:
        lines = journal.read_bytes().split(b"\n")[:-1]
        if json.loads(lines[0]) != fingerprint:
            return None
    except (OSError, ValueError, IndexError):
        return None
    point = None
    lengths: list[int] = []
    for line in lines[1:]:
        try:
            point = Point.from_data(json.loads(line), lengths)
        except (ValueError, KeyError, TypeError):
            break
        lengths = point.lengths
    return point


def _write_synced(path: Path, line: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def _append_synced(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
