"""CSV and TSV. Rows that do not change are written back as they stand."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cleannews.batch.formats.base import Chosen, PlainEncoder, Source, chosen, no_text_field
from cleannews.batch.formats.document import Document, record_of
from cleannews.batch.formats.jsontext import dumped, encoded
from cleannews.batch.records import Extras, FieldNames, Format, Record, Result, UnusableInputError, changed_fields

LARGEST_FIELD = 64 << 20
"""Characters at which a field is taken for one whose closing quote is missing."""

DELIMITERS = ",;\t|"
"""What may stand between the fields of a file that is called .csv, the commonest first."""


@dataclass(frozen=True, slots=True)
class Columns:
    """A table's first line: the carrier of the names.

    Attributes:
        names: the columns' names.
        content: the line as it stands.
        delimiter: what stands between fields.
        choice: the columns to use.

    """

    names: tuple[str, ...]
    content: str
    delimiter: str
    choice: Chosen
    text_field: str | None = None

    def fields(self) -> dict[str, Any] | None:
        """Return None: names are no record."""
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """The carrier of a row."""

    columns: Columns
    values: list[str]
    content: str

    @property
    def text_field(self) -> str | None:
        """The column that gets the clean text."""
        return self.columns.choice.text

    def fields(self) -> dict[str, Any] | None:
        """Return the values by their columns' names."""
        return dict(zip(self.columns.names, self.values, strict=False))


class _Lines:
    """The lines of a stream, of which the last ones can be had again."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        self._stream = stream
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._stream:
            self._taken.append(line)
            self.number += 1
            yield line

    def take(self) -> str:
        taken, self._taken = "".join(self._taken), []
        return taken


def read(source: Source) -> Iterator[Record]:
    """Yield the names and the rows; each is numbered by its first line.

    Raises:
        UnusableInputError: there is no column to be cleaned, or a quote is never closed.
    """
    csv.field_size_limit(LARGEST_FIELD)
    stream = io.TextIOWrapper(source.stream, encoding="utf-8", errors="surrogateescape", newline="")
    lines = _Lines(stream)
    try:
        yield from _records(source, lines)
    except csv.Error as error:
        raise UnusableInputError(f"line {lines.number}: {error}; nothing behind it was read") from None
    finally:
        stream.detach()


def _records(source: Source, lines: _Lines) -> Iterator[Record]:
    iterator = iter(lines)
    first = next(iterator, None)
    if first is None:
        return
    delimiter = "\t" if source.input.format is Format.TSV else _delimiter(first, source.names)
    rows = csv.reader(_chained(first, iterator), delimiter=delimiter)
    columns = _columns(next(rows), lines.take(), delimiter, source.names)
    yield Record(source.input, 0, None, columns, is_document=False)
    number = lines.number + 1
    for values in rows:
        yield _record(source, number, Row(columns, values, lines.take()))
        number = lines.number + 1


def _chained(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(first: str, names: FieldNames) -> str:
    for delimiter in DELIMITERS:
        if chosen((_plain_name(name) for name in next(csv.reader([first], delimiter=delimiter))), names):
            return delimiter
    return DELIMITERS[0]


def _plain_name(name: str) -> str:
    return name.removeprefix("\ufeff").strip().strip('"')


def _columns(names: list[str], content: str, delimiter: str, wanted: FieldNames) -> Columns:
    if names and names[0].startswith("\ufeff"):
        # The mark keeps the reader from seeing the quotes.
        names[0] = _plain_name(names[0])
    choice = chosen(names, wanted)
    if choice is None:
        raise UnusableInputError(no_text_field(wanted, "column"))
    return Columns(tuple(names), content, delimiter, choice)


def _record(source: Source, number: int, row: Row) -> Record:
    if not row.values:
        return Record(source.input, number, None, row, is_document=False)
    fields = row.fields() or {}
    label = row.columns.choice.label(fields)
    raw = fields.get(row.columns.choice.raw)
    if raw is None:
        return Record(source.input, number, None, row, trouble="has too few fields", label=label)
    return Record(source.input, number, raw, row, label=label, weight=len(row.content))


class TableEncoder(PlainEncoder):
    """Writes rows under a line of names: those of the one table that they are from, or of the first record."""

    def __init__(self, extras: Extras, delimiter: str, *, is_verbatim: bool) -> None:
        self._extras = extras
        self._delimiter = delimiter
        self._is_verbatim = is_verbatim
        self._names: tuple[str, ...] = ()
        self._quoting: int = csv.QUOTE_MINIMAL
        self._line_end = "\n"

    def encode(self, result: Result) -> bytes:
        """Return the row, and the names before the first one.

        Raises:
            UnusableInputError: a record has a field that the first one has not.
        """
        carrier = result.record.carrier
        if isinstance(carrier, Columns):
            return self._titles(carrier) if self._is_verbatim else b""
        new = changed_fields(result, self._extras)
        if self._is_verbatim and isinstance(carrier, Row):
            return self._row(carrier, new)
        if isinstance(carrier, Document):
            fields: dict[str, Any] | None = record_of(result, with_source=self._extras.source)
        else:
            fields = carrier.fields() if carrier and result.record.is_document else None
        return b"" if fields is None else self._new_row(fields | new, result)

    def state(self) -> list[str]:
        """Return the names, which are written already if there are any."""
        return list(self._names)

    def resume(self, state: list[str]) -> None:
        """Go on under these names."""
        self._names = tuple(state)

    def _titles(self, columns: Columns) -> bytes:
        self._delimiter = columns.delimiter
        self._names = self._with_extras(columns)
        if columns.content.removeprefix("\ufeff").startswith('"'):
            self._quoting = csv.QUOTE_ALL
        self._line_end = _line_end(columns.content) or "\n"
        mark = "\ufeff" if columns.content.startswith("\ufeff") else ""
        same = self._names == columns.names
        return encoded(columns.content if same else mark + self._line(self._names, self._line_end))

    def _with_extras(self, columns: Columns) -> tuple[str, ...]:
        new = (columns.choice.text, *self._extras.names)
        return columns.names + tuple(name for name in new if name not in columns.names)

    def _row(self, row: Row, new: dict[str, Any]) -> bytes:
        if not row.values or (not new and self._names == row.columns.names):
            return encoded(row.content)
        values = row.values + [""] * (len(self._names) - len(row.values))
        for name, value in new.items():
            values[self._names.index(name)] = _cell(value)
        return encoded(self._line(values, _line_end(row.content)))

    def _new_row(self, fields: dict[str, Any], result: Result) -> bytes:
        titles = ""
        if not self._names:
            self._names = tuple(fields)
            titles = self._line(self._names, "\n")
        if unknown := [name for name in fields if name not in self._names]:
            raise UnusableInputError(
                f"{result.record.name}: has a field {unknown[0]!r} that the first record has not; "
                "a table has one set of columns, use .jsonl"
            )
        return encoded(titles + self._line([_cell(fields.get(name)) for name in self._names], "\n"))

    def _line(self, values: tuple[str, ...] | list[str], end: str) -> str:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=self._delimiter, quoting=self._quoting, lineterminator=end).writerow(values)  # type: ignore[arg-type]
        return buffer.getvalue()


def _cell(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    return value if isinstance(value, str) else dumped(value)


def _line_end(content: str) -> str:
    return content[len(content.rstrip("\r\n")) :]
