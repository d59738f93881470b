"""All results in one stream, such as standard output."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from cleannews.batch.formats import Encoder
from cleannews.batch.outputs.base import Output
from cleannews.batch.records import Failure, OutputError, Result, UnusableInputError


class JoinedStream(Output):
    """Writes every result at once into a stream, which is opened when the first one comes."""

    def __init__(self, opener: Callable[[], BinaryIO], encoder: Encoder) -> None:
        """Args are how to open the stream, and what to write."""
        self._opener = opener
        self._encoder = encoder
        self._stream: BinaryIO | None = None

    def add(self, result: Result) -> Failure | None:
        """Write a result.

        Raises:
            OSError: it cannot be written.
            OutputError: it does not fit into the format.
        """
        try:
            content = self._encoder.encode(result)
        except UnusableInputError as error:
            raise OutputError(str(error)) from error
        if content or self._stream is None:
            self._write(content)
        return None

    def _write(self, content: bytes) -> None:
        self._stream = self._stream or self._opener()
        self._stream.write(content)
        self._stream.flush()

    def finish(self) -> None:
        """Write what ends the output."""
        if end := self._encoder.flush() + self._encoder.end():
            self._write(end)
