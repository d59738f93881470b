"""What outputs have in common that give every input a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from cleannews.batch.memory import Memory, Stamp, fingerprint_of, stamp
from cleannews.batch.outputs.base import Output
from cleannews.batch.outputs.data_set import DataSetFile, remove_leftovers
from cleannews.batch.outputs.files import BusyError, FolderLocks
from cleannews.batch.outputs.writing import Writing
from cleannews.batch.records import (
    Closed,
    Failure,
    FirstFailureError,
    Input,
    OutputError,
    Record,
    Result,
    UnusableInputError,
)
from cleannews.batch.summary import Summary
from cleannews.batch.wording import reason_of, shown_path


class OwnFiles(Output):
    """Writes documents at once, and data sets record by record. What is done and unchanged is left out."""

    def __init__(
        self, place: Path, folders: Iterable[Path], writing: Writing, summary: Summary, *, has_force: bool = False
    ) -> None:
        """Read what is remembered.

        Args:
            place: what the memory is kept for.
            folders: those that are locked.
            writing: how it is written.
            summary: is told what an interrupted run had done, and what is left out.
            has_force: whether outputs are made again that are there already.
        """
        self._writing = writing
        self._summary = summary
        self._has_force = has_force
        self._memory = Memory(place, writing.fingerprint)
        self._locks = FolderLocks(folders)
        self._open: dict[Input, DataSetFile] = {}
        self._stamps: dict[Input, Stamp | None] = {}
        self._failed: set[Input] = set()

    def target_of(self, item: Input) -> Path:
        """Return the file that an input becomes."""
        raise NotImplementedError

    def write_document(self, result: Result) -> None:
        """Write a file that is one document."""
        raise NotImplementedError

    def finish_data_set(self, item: Input, file: DataSetFile, *, is_complete: bool) -> Failure | None:
        """End a data set."""
        file.finish()
        return None

    def __enter__(self) -> OwnFiles:
        """Lock the folders.

        Raises:
            OutputError: another run is writing there, or nothing can be written there.
        """
        try:
            self._locks.__enter__()
        except BusyError as error:
            raise OutputError(str(error)) from error
        except OSError as error:
            raise OutputError(f"{shown_path(error.filename or '.')}: {reason_of(error)}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what another run can take up; nothing, if a failure was to end the run."""
        for file in self._open.values():
            if isinstance(error, FirstFailureError):
                file.discard()
            else:
                file.close()
        self._open.clear()
        self._locks.__exit__()

    def begin(self, item: Input) -> int | Failure | None:
        """Return how many records of an input are done; None if the whole of it is, and has not changed."""
        before = stamp(item.path) if item.path else None
        if not self._has_force and self._memory.is_done(_key(item), self.target_of(item), before):
            self._summary.skipped += 1
            if item.format.is_data_set:
                remove_leftovers(self.target_of(item))
            return None
        self._stamps[item] = before
        try:
            return self._opened(item) if item.format.is_data_set else 0
        except (OSError, BusyError, UnusableInputError) as error:
            return self._unwritable(item, error)

    def _opened(self, item: Input) -> int:
        target = self.target_of(item)
        target.parent.mkdir(parents=True, exist_ok=True)
        file = DataSetFile(
            target,
            self._writing.encoder(self._writing.format_for(item), [item], as_array=True),
            [item],
            fingerprint=fingerprint_of(self._writing.fingerprint, [item]),
            backup=self._writing.backup,
        )
        self._open[item] = file
        self._summary.take_up(file.point.tally)
        if file.point.tally.failed:
            self._failed.add(item)
        return file.done_of(item) or 0

    def replay(self, record: Record) -> None:
        """Let the encoder see what is no document."""
        if record.input in self._open:
            self._open[record.input].replay(record)

    def add(self, result: Result) -> Failure | None:
        """Write a result."""
        item = result.input
        if item in self._failed and item.format.is_data_set and item not in self._open:
            return None
        try:
            if item in self._open:
                self._open[item].add(result)
            else:
                self.write_document(result)
        except BrokenPipeError:
            raise
        except (OSError, BusyError, UnusableInputError) as error:
            return self._given_up(item, error)
        return None

    def fail(self, failure: Failure) -> None:
        """Count a failure: what failed is not remembered as done."""
        if failure.input is not None:
            self._failed.add(failure.input)
            if failure.input in self._open:
                self._open[failure.input].fail(failure)

    def close(self, closed: Closed) -> Failure | None:
        """End an input, and remember that it is done."""
        item = closed.input
        file = self._open.pop(item, None)
        try:
            failure = self.finish_data_set(item, file, is_complete=closed.is_complete) if file else None
        except (OSError, UnusableInputError) as error:
            if file:
                file.close()
            failure = self._unwritable(item, error)
        before = self._stamps.pop(item, None)
        if failure is None and closed.is_complete and item not in self._failed:
            after = stamp(self.target_of(item)) if self.target_of(item) == item.path else before
            self._memory.note(_key(item), self.target_of(item), after)
        self._failed.discard(item)
        return failure

    def _given_up(self, item: Input, error: Exception) -> Failure:
        self._failed.add(item)
        if item in self._open:
            self._open.pop(item).close()
        return self._unwritable(item, error)

    def _unwritable(self, item: Input, error: Exception) -> Failure:
        raise NotImplementedError

    @staticmethod
    def reason(error: Exception) -> str:
        """Return why something cannot be written."""
        return reason_of(error) if isinstance(error, OSError) else str(error)


def _key(item: Input) -> str:
    return os.path.abspath(item.path) if item.path else ""  # noqa: PTH100
