"""The command line's options as plain data, and the exit statuses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from cleannews.batch import WRITABLE, FieldNames, Format, format_of

if TYPE_CHECKING:
    from cleannews.batch.cleaning import OnError


class Status(IntEnum):
    """How the program ends."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    FAILED = 3
    INTERRUPTED = 130
    TERMINATED = 143


@dataclass(frozen=True, slots=True)
class Options:
    """The command line's options, as they were given."""

    output: str | None
    form: Format | None
    links: bool
    with_source: bool
    removed: bool
    input_format: Format | None
    text_field: str | None
    html_field: str | None
    id_field: str | None
    url_field: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    jobs: int | None
    timeout: float | None
    on_error: OnError | None
    force: bool
    backup: str
    stats: str | None
    extractor: str
    level: str
    keep: tuple[str, ...]
    remove: tuple[str, ...]
    rules: tuple[str, ...]
    explain: bool
    diff: bool
    check: bool
    in_place: bool
    color: str
    quiet: bool

    @property
    def field_names(self) -> FieldNames:
        """The fields that records are read by."""
        return FieldNames(self.text_field, self.html_field, self.id_field, self.url_field)

    @property
    def is_markdown(self) -> bool:
        """Whether texts are written in Markdown: that was asked for, or is what the output is called."""
        return Format.MARKDOWN in {self.form, self.told_form} and self.form in {None, Format.MARKDOWN}

    @property
    def told_form(self) -> Format | None:
        """What the name of the output tells that is written; None if it tells nothing."""
        told = format_of(Path(self.output)) if self.output else None
        return told if told in WRITABLE else None

    @property
    def is_looking(self) -> bool:
        """Whether nothing is written but what there is to see."""
        return self.explain or self.diff or self.check
