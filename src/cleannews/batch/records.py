"""The plain data that the rooms of this package pass on: inputs, their records, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from cleannews.document import Article, CleannewsError

STANDARD_INPUT = "-"
"""How the command line names standard input."""

STANDARD_INPUT_NAME = "<stdin>"
"""How messages and records name it."""


class Format(StrEnum):
    """What an input is, or what clean articles are written as."""

    TEXT = "text"
    """One document, or the clean texts alone."""
    MARKDOWN = "markdown"
    """The same in Markdown, where it is written. Read as text."""
    PAGE = "page"
    """One document, a web page. Only read."""
    MHTML = "mhtml"
    """One document, a web page as browsers save it. Only read."""
    JSON = "json"
    """An array of records. For a single document, its record, laid out to be read."""
    JSONL = "jsonl"
    """A record on each line."""
    CSV = "csv"
    """A table with a line of column names."""
    TSV = "tsv"
    """The same with tabs."""
    PARQUET = "parquet"
    """A table in columns."""
    WARC = "warc"
    """A crawl: the pages among its responses. Only read."""

    @property
    def is_data_set(self) -> bool:
        """Whether it holds many records."""
        return self not in SINGLE


SINGLE = frozenset({Format.TEXT, Format.MARKDOWN, Format.PAGE, Format.MHTML})
"""One file is one document."""

PLAIN = frozenset({Format.TEXT, Format.MARKDOWN})
"""Nothing is written but the texts."""

WRITABLE = tuple(form for form in Format if form not in {Format.PAGE, Format.MHTML, Format.WARC})
"""What articles can be written as."""


class OutputError(CleannewsError):
    """The one output that everything goes to cannot be written. Ends the run."""


class UnusableInputError(CleannewsError):
    """A file is not what its name says, or lacks what is needed, such as a column with the texts."""


class FirstFailureError(CleannewsError):
    """Something could not be processed, and that was to end the run."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file to be read.

    Attributes:
        name: what messages and records call it.
        path: where it is; None for standard input.
        target: the file that its clean form gets, where each input gets one.
        format: what it holds.
        root: the directory that was named and holds it; None for a file that was named itself.

    """

    name: str
    path: Path | None
    target: Path | None = None
    format: Format = Format.TEXT
    root: Path | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or a record of one, that could not be processed.

    Attributes:
        name: what messages call it.
        reason: why, in one line.
        error: the exception, if it is one that no input should cause.
        input: the file it is from, where there is one.

    """

    name: str
    reason: str
    error: Exception | None = None
    input: Input | None = None


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Which fields of a record hold what; None where the usual names are tried."""

    text: str | None = None
    html: str | None = None
    id: str | None = None
    url: str | None = None


class Carrier(Protocol):
    """A record in its format's own form, which knows what must come out again."""

    def fields(self) -> dict[str, Any] | None:
        """Return the record as plain data, for another format; None if it is no record, like a line of titles."""
        ...

    @property
    def text_field(self) -> str | None:
        """The field that gets the clean text; None where the record is the text."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an input, or something between records that the output needs.

    Attributes:
        input: the file it is from.
        number: where it is in there, counted from 1; 0 for what comes before the first.
        raw: what is to be cleaned; None if there is nothing.
        carrier: the record itself; None if it could not be read.
        is_document: whether it is a document, not a header or a blank line.
        trouble: why it cannot be cleaned.
        label: what else may be said to recognise it, its id or address.
        takes_metadata: whether it gets fields for what the page says of itself.
        weight: how many characters or bytes the whole record has, where it is more than what is to be cleaned.

    """

    input: Input
    number: int
    raw: str | bytes | None = None
    carrier: Carrier | None = None
    is_document: bool = True
    trouble: str | None = None
    label: str | None = None
    takes_metadata: bool = False
    weight: int = 0

    @property
    def name(self) -> str:
        """What messages call it."""
        if not self.input.format.is_data_set:
            return self.input.name
        return f"{self.input.name}:{self.number}" + (f" ({self.label})" if self.label else "")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a record.

    Attributes:
        record: what was read.
        article: what came out; None where the record stays as it is.
        is_page: whether it was read from a web page, so that the article's source is not the input itself.
        is_damaged: whether bytes of the input could not be decoded.
        rendered: the clean text as it is written, where that is not the article's own.

    """

    record: Record
    article: Article | None
    is_page: bool = False
    is_damaged: bool = False
    rendered: str | None = None

    @property
    def input(self) -> Input:
        """The file it is from."""
        return self.record.input

    @property
    def text(self) -> str:
        """The clean text as it is written, or the text as it was."""
        if self.rendered is not None:
            return self.rendered
        if self.article is not None:
            return self.article.text
        raw = self.record.raw
        return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw or ""

    @property
    def is_changed(self) -> bool:
        """Whether anything was taken out."""
        return self.article is not None and self.article.text != self.article.source


@dataclass(frozen=True, slots=True)
class Opened:
    """An input is being read."""

    input: Input


@dataclass(frozen=True, slots=True)
class Closed:
    """An input has been read: to its end, if it is complete."""

    input: Input
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class Replayed:
    """A record that is no document, read again because an interrupted run is taken up behind it."""

    record: Record


Event = Opened | Closed | Failure | Replayed | Result
"""What a run is made of, in order."""


REMOVED_FIELDS = ("start", "end", "label", "rule", "element")
"""What the field `removed` says of each removal."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What an output's records get besides the clean text.

    Attributes:
        removed: whether they get the field `removed`: start, end, label, rule and element of each removal.
        source: whether they get the field `source`, which the offsets count characters in.

    """

    removed: bool = False
    source: bool = False

    def of(self, result: Result) -> dict[str, Any]:
        """Return the fields for one result."""
        fields: dict[str, Any] = {}
        article = result.article
        if self.removed:
            removals = article.removals if article else ()
            fields["removed"] = [{name: getattr(item, name) for name in REMOVED_FIELDS} for item in removals]
        if self.source:
            fields["source"] = article.source if article else None
        return fields

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names."""
        return (("removed",) if self.removed else ()) + (("source",) if self.source else ())


def changed_fields(result: Result, extras: Extras) -> dict[str, Any]:
    """Return the fields of a record that are new or different."""
    fields: dict[str, Any] = {}
    carrier, article = result.record.carrier, result.article
    if carrier is not None and carrier.text_field is not None and article is not None:
        if result.record.raw != result.text:
            fields[carrier.text_field] = result.text
        if result.record.takes_metadata:
            known = asdict(article.metadata)
            # The archive's own address is what was asked; the page's may be anything.
            known.pop("url")
            fields |= known
    return fields | extras.of(result)


@dataclass(frozen=True, slots=True)
class Blank:
    """Something between records that is only written back by the format that it is from.

    Attributes:
        content: as it stands in the file.
        kind: what it is, for formats that have several.

    """

    content: str | bytes
    kind: str = ""
    text_field: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> dict[str, Any] | None:
        """Return None: it is no record."""
        return None
