"""JSON Lines: a record on each line. Lines that do not change are written back byte for byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import cast

from cleannews.batch.formats.base import PlainEncoder, Source
from cleannews.batch.formats.jsonrecord import Broken, JsonRecord, encoded_record, record
from cleannews.batch.formats.jsontext import JsonObject, decoded, parse_object, parse_value
from cleannews.batch.records import Blank, Extras, FieldNames, Input, Record, Result


def read(source: Source) -> Iterator[Record]:
    """Yield the records; a line that is none has `trouble`."""
    for number, line in enumerate(source.stream, 1):
        yield _record(source.input, number, line, source.names)


def _record(source: Input, number: int, line: bytes, names: FieldNames) -> Record:
    mark = codecs.BOM_UTF8 if number == 1 and line.startswith(codecs.BOM_UTF8) else b""
    if not line[len(mark) :].strip():
        return Record(source, number, None, Blank(line), is_document=False)
    content, has_strays = decoded(line[len(mark) :])
    body = content.strip()
    start = content.index(body)
    try:
        value = _value(body, has_strays=has_strays)
    except ValueError as error:
        return Record(source, number, None, Broken(line), trouble=f"is not JSON: {error}")
    if not isinstance(value, JsonObject | str):
        return Record(source, number, None, Broken(line), trouble="is JSON, but neither an object nor a text")
    before = mark.decode() + content[:start]
    return record(source, number, value, names, before=before, after=content[start + len(body) :])


def _value(body: str, *, has_strays: bool) -> object:
    value: object
    if body.startswith("{"):
        value, end = parse_object(body, 0, has_strays=has_strays)
    else:
        value, end = parse_value(body, 0)
    if end != len(body):
        raise ValueError(f"more behind it: column {end + 1}")
    return value


class LinesEncoder(PlainEncoder):
    """Writes a record on each line."""

    def __init__(self, extras: Extras, *, keeps_blanks: bool) -> None:
        self._extras = extras
        self._keeps_blanks = keeps_blanks
        self._is_line_open = False

    def encode(self, result: Result) -> bytes:
        """Return the line."""
        carrier = result.record.carrier
        if isinstance(carrier, Blank):
            return self._lines(cast("bytes", carrier.content)) if self._keeps_blanks else b""
        if isinstance(carrier, Broken):
            return self._lines(carrier.content)
        content = encoded_record(result, self._extras)
        if content is None:
            return b""
        if self._keeps_blanks and isinstance(carrier, JsonRecord):
            return self._lines(carrier.before.encode() + content + carrier.after.encode())
        return self._lines(content + b"\n")

    def _lines(self, content: bytes) -> bytes:
        """Return the content, behind the end of a line that had none: only a file's last line may lack it."""
        before = b"\n" if self._is_line_open else b""
        self._is_line_open = bool(content) and not content.endswith(b"\n")
        return before + content

    def state(self) -> bool:
        """Return whether the last line has no end yet."""
        return self._is_line_open

    def resume(self, state: bool) -> None:
        """Go on behind that line."""
        self._is_line_open = state
