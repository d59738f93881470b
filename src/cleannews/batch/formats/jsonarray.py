"""JSON in one piece: an array of records, or records one after the other, read in bounded memory."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import Any, cast

from cleannews.batch.formats.base import PlainEncoder, Source
from cleannews.batch.formats.jsonrecord import Broken, JsonRecord, encoded_record, record
from cleannews.batch.formats.jsontext import JsonObject, encoded, parse_object, parse_value
from cleannews.batch.records import Blank, Extras, Record, Result, UnusableInputError

CHUNK_BYTES = 1 << 20
"""Read at once, and read on by when an item is not complete."""

LARGEST_ITEM = 64 << 20
"""Characters at which what does not end is taken for broken."""

_SPACE = " \t\n\r"
_LEAD, _SEPARATOR, _TAIL = "lead", "separator", "tail"


class _Window:
    """The part of a file that is being looked at."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._damage: Exception | None = None
        self.text = ""
        self.position = 0
        self.is_at_end = False

    def more(self, size: int) -> None:
        if self._damage is not None:
            raise self._damage
        # What a damaged stream still has before the damage, reading so much at once would lose.
        chunk = self._stream.read1(size)
        while chunk and len(chunk) < size and self._damage is None:
            try:
                part = self._stream.read1(size - len(chunk))
            except Exception as error:  # raised when what is there has been used up
                self._damage = error
            else:
                if not part:
                    break
                chunk += part
        self.is_at_end = not chunk
        self.text = self.text[self.position :] + self._decoder.decode(chunk, final=self.is_at_end)
        self.position = 0

    def space(self) -> str:
        """Pass over white space, and return it."""
        passed = ""
        while True:
            start = self.position
            while self.text[self.position : self.position + 1] in _SPACE and self.position < len(self.text):
                self.position += 1
            passed += self.text[start : self.position]
            if self.position < len(self.text) or self.is_at_end:
                return passed
            self.more(CHUNK_BYTES)

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def value(self) -> Any:  # noqa: ANN401
        """Pass over a value, and return it: an object in full.

        Raises:
            ValueError: there is none.
        """
        size = CHUNK_BYTES
        while True:
            try:
                value, end = self._parse()
                # A number may go on behind what was read.
                if end < len(self.text) or self.is_at_end:
                    self.position = end
                    return value
            except ValueError:
                if self.is_at_end or len(self.text) - self.position > LARGEST_ITEM:
                    raise
            self.more(size)
            size *= 2

    def _parse(self) -> tuple[Any, int]:
        if self.peek() == "{":
            return parse_object(self.text, self.position)
        return parse_value(self.text, self.position)


def read(source: Source) -> Iterator[Record]:
    """Yield the records.

    Raises:
        UnusableInputError: the file holds something else, or is broken somewhere.
    """
    window = _Window(cast("io.BufferedIOBase", source.stream))
    window.more(CHUNK_BYTES)
    lead = ""
    if window.peek() == "\ufeff":
        window.position += 1
        lead = "\ufeff"
    lead += window.space()
    is_array = window.peek() == "["
    if is_array:
        window.position += 1
        lead += "[" + window.space()
    elif window.peek() != "{":
        raise UnusableInputError("holds neither an array nor an object of JSON")
    yield Record(source.input, 0, None, Blank(lead, _LEAD), is_document=False)
    yield from _items(source, window, is_array=is_array)


def _items(source: Source, window: _Window, *, is_array: bool) -> Iterator[Record]:
    number = 0
    before = ""
    while window.peek() not in ("]" if is_array else "", ""):
        number += 1
        try:
            value = window.value()
        except ValueError as error:
            raise UnusableInputError(f"record {number} is not JSON: {error}; nothing behind it was read") from None
        yield _record(source, number, value, before)
        before = window.space()
        if is_array and window.peek() == ",":
            window.position += 1
            before += "," + window.space()
        elif is_array and window.peek() not in "]":
            raise UnusableInputError(f"no comma behind record {number}; nothing behind it was read")
    if is_array and window.peek() != "]":
        raise UnusableInputError(f"ends behind record {number} without a ]")
    tail = before + window.peek()
    window.position += len(window.peek())
    tail += window.space()
    if window.peek():
        raise UnusableInputError(f"goes on behind the array of {number} records")
    yield Record(source.input, number + 1, None, Blank(tail, _TAIL), is_document=False)


def _record(source: Source, number: int, value: Any, before: str) -> Record:  # noqa: ANN401
    if isinstance(value, JsonObject | str):
        return record(source.input, number, value, source.names, before=before)
    broken = Broken(encoded(_plain(value)), before)
    return Record(source.input, number, None, broken, trouble="is neither an object nor a text")


def _plain(value: Any) -> str:  # noqa: ANN401
    import json  # noqa: PLC0415

    return json.dumps(value, ensure_ascii=False)


class ArrayEncoder(PlainEncoder):
    """Writes records as an array, or with the separators of the one file that they are from."""

    def __init__(self, extras: Extras, *, is_verbatim: bool) -> None:
        self._extras = extras
        self._is_verbatim = is_verbatim
        self._has_items = False
        self._lead = "[\n"
        self._tail = "\n]\n"

    def encode(self, result: Result) -> bytes:
        """Return the item, and what stands before it."""
        carrier = result.record.carrier
        if isinstance(carrier, Blank):
            self._note(carrier)
            return b""
        content = carrier.content if isinstance(carrier, Broken) else encoded_record(result, self._extras)
        if content is None:
            return b""
        before = self._before(carrier)
        self._has_items = True
        return encoded(before) + content

    def _note(self, blank: Blank) -> None:
        if self._is_verbatim and blank.kind == _LEAD:
            self._lead = str(blank.content)
            self._tail = "]\n" if "[" in self._lead else ""
        elif self._is_verbatim and blank.kind == _TAIL:
            self._tail = str(blank.content)

    def _before(self, carrier: object) -> str:
        if not self._has_items:
            return self._lead
        return carrier.before if self._is_verbatim and isinstance(carrier, JsonRecord | Broken) else ",\n"

    def end(self) -> bytes:
        """Return the end of the array."""
        return encoded(self._tail if self._has_items else self._lead + self._tail.lstrip())

    def state(self) -> bool:
        """Return whether there are items already."""
        return self._has_items

    def resume(self, state: bool) -> None:
        """Go on behind these items."""
        self._has_items = state
