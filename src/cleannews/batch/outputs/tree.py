"""Every input becomes a file in a folder, in the same tree."""

from __future__ import annotations

from pathlib import Path

from cleannews.batch.outputs.files import replacing
from cleannews.batch.outputs.own import OwnFiles
from cleannews.batch.records import Failure, Input, Result
from cleannews.batch.wording import shown_path


class Tree(OwnFiles):
    """Writes each input to its own target, with the folders above it."""

    def target_of(self, item: Input) -> Path:
        """Return the file in the folder."""
        assert item.target is not None, "planned with a folder"
        return item.target

    def write_document(self, result: Result) -> None:
        """Write a file that is one document."""
        if result.article is None and self._writing.format_for(result.input) is not result.input.format:
            # What it is cannot be kept under a name that says something else.
            return
        target = self.target_of(result.input)
        target.parent.mkdir(parents=True, exist_ok=True)
        content = self._writing.document(result)
        with replacing(target) as file:
            file.write(content)

    def _unwritable(self, item: Input, error: Exception) -> Failure:
        return Failure(item.name, f"cannot write {shown_path(self.target_of(item))}: {self.reason(error)}", input=item)
