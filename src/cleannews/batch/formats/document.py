"""A file that is one document, a text or a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from cleannews.batch.formats.base import PlainEncoder, Source
from cleannews.batch.records import Record, Result
from cleannews.batch.wording import encoded


@dataclass(frozen=True, slots=True)
class Document:
    """The carrier of a document: it is written as its record, see `record_of`."""

    name: str
    text_field: str | None = None

    def fields(self) -> dict[str, Any] | None:
        """Return what is known without cleaning."""
        return {"file": self.name}


def read(source: Source) -> Iterator[Record]:
    """Yield the one document."""
    yield Record(source.input, 1, source.stream.read(), Document(source.input.name))


def record_of(result: Result, *, with_source: bool = False) -> dict[str, Any]:
    """Return a document as plain data, always with the same fields; `source` is null where the input is the source."""
    article = result.article
    if article is None:
        return {"file": result.input.name, "text": result.text, "metadata": None, "removals": [], "source": None}
    return {
        "file": result.input.name,
        "text": result.text,
        "metadata": asdict(article.metadata),
        "removals": [asdict(removal) for removal in article.removals],
        "source": article.source if with_source or result.is_page else None,
    }


def with_line_end(text: str) -> str:
    """Return a text with a line end behind it; an empty text stays empty."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def rendered_record(result: Result, *, with_source: bool, is_indented: bool) -> str:
    """Return a document's record as JSON, on one line or laid out to be read, with a line end behind it."""
    data = record_of(result, with_source=with_source)
    return json.dumps(data, ensure_ascii=False, indent=2 if is_indented else None) + "\n"


class RecordsEncoder(PlainEncoder):
    """Writes the records of documents laid out to be read: one by itself, or several as an array."""

    def __init__(self, *, as_array: bool, with_source: bool) -> None:
        self._as_array = as_array
        self._with_source = with_source
        self._has_items = False

    def encode(self, result: Result) -> bytes:
        """Return the record, and what stands before it."""
        text = rendered_record(result, with_source=self._with_source, is_indented=True)
        if self._as_array:
            text = (",\n" if self._has_items else "[\n") + "  " + text.rstrip("\n").replace("\n", "\n  ")
        self._has_items = True
        return encoded(text)

    def end(self) -> bytes:
        """Return the end of the array."""
        return b"\n]\n" if self._as_array and self._has_items else b""

    def state(self) -> bool:
        """Return whether there are records already."""
        return self._has_items

    def resume(self, state: bool) -> None:
        """Go on behind these records."""
        self._has_items = state


class TextEncoder(PlainEncoder):
    """Writes the clean texts, with a blank line between."""

    def __init__(self) -> None:
        self._has_text = False

    def encode(self, result: Result) -> bytes:
        """Return the text, and the blank line before it."""
        if not result.record.is_document:
            return b""
        text = with_line_end(result.text)
        between = "\n" if text and self._has_text else ""
        self._has_text = self._has_text or bool(text)
        return encoded(between + text)

    def state(self) -> bool:
        """Return whether there are texts already."""
        return self._has_text

    def resume(self, state: bool) -> None:
        """Go on behind these texts."""
        self._has_text = state
