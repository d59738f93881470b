"""The protocol of outputs."""

from __future__ import annotations

from types import TracebackType

from cleannews.batch.records import Closed, Failure, Input, Record, Result


class Output:
    """Takes what comes of a run, in order. By itself it takes everything and does nothing."""

    def __enter__(self) -> Output:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave what is written as it is; what was not finished can be taken up by another run."""

    def begin(self, item: Input) -> int | Failure | None:
        """Return how many records of an input are done already; None if it is to be left out."""
        return 0

    def replay(self, record: Record) -> None:
        """Take note of what is no document in the part of an input that is done."""

    def add(self, result: Result) -> Failure | None:
        """Write a result; return why it could not be."""
        return None

    def fail(self, failure: Failure) -> None:
        """Take note of a failure."""

    def close(self, closed: Closed) -> Failure | None:
        """End an input; return why its output could not be finished."""
        return None

    def finish(self) -> None:
        """End the output, when everything went through."""
