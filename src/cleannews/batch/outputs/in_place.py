"""Every input is written over, but not before the new file is complete and on the disk."""

from __future__ import annotations

import os
from pathlib import Path

from cleannews.batch.outputs.data_set import DataSetFile
from cleannews.batch.outputs.files import replacing
from cleannews.batch.outputs.own import OwnFiles
from cleannews.batch.records import Failure, Format, Input, Result, UnusableInputError


class InPlace(OwnFiles):
    """Writes back what changed; an input that stays the same is not touched."""

    def target_of(self, item: Input) -> Path:
        """Return the input's own place."""
        assert item.path is not None, "standard input has no place"
        return item.path

    def begin(self, item: Input) -> int | Failure | None:
        """Return how many records of an input are done; refuse what cannot be written back."""
        if item.format is Format.WARC:
            return Failure(item.name, "is an archive, which cannot hold clean articles; use -o", input=item)
        if item.format.is_data_set and not os.access(self.target_of(item), os.W_OK):
            return self._unwritable(item, OSError("it is write-protected"))
        return super().begin(item)

    def write_document(self, result: Result) -> None:
        """Write a text back.

        Raises:
            UnusableInputError: something would be lost.
            OSError: it cannot be written.
        """
        path = self.target_of(result.input)
        if refusal := _refusal(result):
            raise UnusableInputError(refusal)
        if not result.is_changed:
            return
        # Replacing a file would go around a write protection.
        if not os.access(path, os.W_OK):
            raise OSError("it is write-protected")
        content = self._writing.document(result)
        with replacing(path, durable=True, backup=self._writing.backup) as file:
            file.write(content)

    def finish_data_set(self, item: Input, file: DataSetFile, *, is_complete: bool) -> Failure | None:
        """Put the new file in place of the old one, unless something would be lost."""
        if not is_complete:
            file.discard()
            return Failure(item.name, "was not read to its end, and is left as it was", input=item)
        if file.point.changed or self._writing.extras.names:
            file.finish()
        else:
            file.discard()
        return None

    def _unwritable(self, item: Input, error: Exception) -> Failure:
        if isinstance(error, UnusableInputError):
            return Failure(item.name, str(error), input=item)
        return Failure(item.name, f"cannot be replaced: {self.reason(error)}", input=item)


def _refusal(result: Result) -> str | None:
    if result.is_page or result.input.format is Format.MHTML:
        return "is a web page, and cleaning it in place would make it plain text; use -o"
    if result.is_damaged and result.is_changed:
        return "has bytes that cannot be decoded, which would be lost in place; use -o"
    return None
