"""The protocol of formats, and the names that fields usually have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from cleannews.batch.records import FieldNames, Input, Record, Result

TEXT_NAMES = (
    "text", "content", "body", "article", "article_text", "article_body", "articlebody", "maintext", "main_text",
    "full_text", "fulltext", "raw_text", "raw_content", "plain_text", "plaintext", "story", "document",
)  # fmt: skip
"""What the field with the text is called in public news data sets, the commonest first. Compared without case."""

HTML_NAMES = ("html", "raw_html", "page_html", "html_content", "content_html", "source_html", "page_source")
ID_NAMES = ("id", "_id", "doc_id", "docid", "article_id", "uid", "uuid", "guid")
URL_NAMES = ("url", "link", "uri", "source_url", "article_url", "page_url", "canonical_url", "permalink")

NEW_TEXT_FIELD = "text"
"""The field for the text of a page, where the record has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """An open input.

    Attributes:
        input: what it is.
        file: the file as it lies there; seekable unless it is standard input.
        stream: its content, decompressed.
        names: which fields to use.

    """

    input: Input
    file: BinaryIO
    stream: BinaryIO
    names: FieldNames


Reads = Callable[[Source], Iterator[Record]]
"""Yields the records of a source. Raises UnusableInputError where there is no going on, and whatever reading raises."""


class Encoder(Protocol):
    """Turns results into the content of a file.

    Attributes:
        has_own_compression: whether the file is compressed inside, whatever its name says.
        needs_assembly: whether what was returned is not the file itself; then `assemble` makes it.

    """

    has_own_compression: bool
    needs_assembly: bool

    def encode(self, result: Result) -> bytes:
        """Return what a result adds; nothing, if it is held back until `flush`."""
        ...

    def flush(self) -> bytes:
        """Return what was held back; what has been returned by then stands for itself."""
        ...

    def end(self) -> bytes:
        """Return what ends the file."""
        ...

    def state(self) -> Any:  # noqa: ANN401  (plain data)
        """Return what `resume` needs to know of what has been encoded so far."""
        ...

    def resume(self, state: Any) -> None:  # noqa: ANN401
        """Go on where an interrupted run was when this was its state."""
        ...

    def assemble(self, partial: Path, lengths: Sequence[int], file: BinaryIO) -> None:
        """Write the file from what lies in `partial`, flushed at `lengths`."""
        ...


class PlainEncoder:
    """What encoders do whose output is simply what they returned."""

    has_own_compression = False
    needs_assembly = False

    def flush(self) -> bytes:
        """Return nothing: nothing was held back."""
        return b""

    def end(self) -> bytes:
        """Return nothing: the file has no end of its own."""
        return b""

    def state(self) -> Any:  # noqa: ANN401  (plain data)
        """Return nothing: no record depends on those before."""
        return None

    def resume(self, state: Any) -> None:  # noqa: ANN401
        """Do nothing."""

    def assemble(self, partial: Path, lengths: Sequence[int], file: BinaryIO) -> None:
        """Do nothing: the partial file is the file."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The fields that were found in a record or a table.

    Attributes:
        raw: holds what is cleaned.
        text: gets the clean text; the same, unless `raw` holds a page.
        id: identifies the record.
        url: its address.

    """

    raw: str
    text: str
    id: str | None = None
    url: str | None = None

    def label(self, values: dict[str, object]) -> str | None:
        """Return what identifies a record with these values in a message."""
        for name in (self.id, self.url):
            value = values.get(name) if name else None
            if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
                return str(value)
        return None


def chosen(available: Iterable[str], names: FieldNames) -> Chosen | None:
    """Return which of the available fields to use; None if there is neither text nor page."""
    by_fold = {name.casefold(): name for name in reversed(list(available))}
    text = _first(by_fold, names.text, TEXT_NAMES)
    html = _first(by_fold, names.html, HTML_NAMES)
    if names.html and not names.text and html:
        raw: str | None = html
    else:
        raw = text if text or (names.text and not names.html) else html
    if raw is None:
        return None
    target = text or names.text or NEW_TEXT_FIELD
    return Chosen(raw, target, _first(by_fold, names.id, ID_NAMES), _first(by_fold, names.url, URL_NAMES))


def _first(by_fold: dict[str, str], asked: str | None, usual: tuple[str, ...]) -> str | None:
    if asked is not None:
        return asked if asked in by_fold.values() else None
    return next((by_fold[name] for name in usual if name in by_fold), None)


def no_text_field(names: FieldNames, unit: str) -> str:
    """Return the reason why a record or table cannot be cleaned; `unit` is `field` or `column`."""
    if names.text or names.html:
        return f"has no {unit} {names.text or names.html!r}"
    return f"has no {unit} that is known to hold text; name it with --text-field or --html-field"
