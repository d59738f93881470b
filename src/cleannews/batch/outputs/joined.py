"""All results in one file, which another run can take up."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from cleannews.batch.formats import Encoder
from cleannews.batch.memory import Memory, fingerprint_of
from cleannews.batch.outputs.base import Output
from cleannews.batch.outputs.data_set import DataSetFile, remove_leftovers
from cleannews.batch.outputs.files import BusyError
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


class JoinedFile(Output):
    """Writes all results into one data set; an interrupted run is taken up."""

    def __init__(  # noqa: PLR0913  (one of them is a name)
        self,
        target: Path,
        encoder: Encoder,
        inputs: list[Input],
        writing: Writing,
        summary: Summary,
        *,
        has_force: bool = False,
    ) -> None:
        """Prepare; nothing is opened yet.

        Args:
            target: the file to be.
            encoder: what turns results into its content.
            inputs: all that goes into it.
            writing: how.
            summary: is told what an interrupted run had done, and what is left out.
            has_force: whether an output is made again that is there already.
        """
        self._target = target
        self._encoder = encoder
        self._inputs = inputs
        self._summary = summary
        self._fingerprint = fingerprint_of(writing.fingerprint, inputs)
        self._memory = Memory(target, self._fingerprint)
        self.is_done = not has_force and self._memory.is_done("", target, self._fingerprint)
        self._file: DataSetFile | None = None
        self._failed = False

    def __enter__(self) -> JoinedFile:
        """Open the file.

        Raises:
            OutputError: it cannot be written.
        """
        if self.is_done:
            remove_leftovers(self._target)
            return self
        try:
            self._file = DataSetFile(self._target, self._encoder, self._inputs, fingerprint=self._fingerprint)
        except (OSError, BusyError, UnusableInputError) as error:
            raise self._error(error) from error
        self._summary.take_up(self._file.point.tally)
        self._failed = self._file.point.tally.failed > 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what another run can take up; nothing, if a failure was to end the run."""
        if self._file is None:
            return
        if isinstance(error, FirstFailureError):
            self._file.discard()
        else:
            self._file.close()

    def begin(self, item: Input) -> int | Failure | None:
        """Return how many records of an input are in the file."""
        if self._file is None:
            self._summary.skipped += 1
            return None
        return self._file.done_of(item)

    def replay(self, record: Record) -> None:
        """Let the encoder see what is no document."""
        self._opened().replay(record)

    def add(self, result: Result) -> Failure | None:
        """Write a result.

        Raises:
            OutputError: it cannot be written, or does not fit into the format.
        """
        try:
            self._opened().add(result)
        except (OSError, UnusableInputError) as error:
            raise self._error(error) from error
        return None

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self._failed = True
        if self._file is not None:
            self._file.fail(failure)

    def finish(self) -> None:
        """Put the file in its place.

        Raises:
            OutputError: it cannot be written, or its records do not fit into the format.
        """
        file, self._file = self._file, None
        if file is None:
            return
        if self._failed and not file.point.written:
            # Nothing could be read: what was there before is better than nothing.
            file.discard()
            return
        try:
            file.finish()
        except (OSError, UnusableInputError) as error:
            file.close()
            raise self._error(error) from error
        if not self._failed:
            self._memory.note("", self._target, self._fingerprint)

    def close(self, closed: Closed) -> Failure | None:
        """Do nothing: the next input goes into the same file."""
        return None

    def _opened(self) -> DataSetFile:
        assert self._file is not None, "entered, and not done"
        return self._file

    def _error(self, error: Exception) -> OutputError:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        return OutputError(f"{shown_path(self._target)}: {reason}")
