"""A record that came from JSON, in a line or in an array, and one that goes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cleannews.batch.formats.base import NEW_TEXT_FIELD, chosen, no_text_field
from cleannews.batch.formats.document import Document, record_of
from cleannews.batch.formats.jsontext import JsonObject, dumped, encoded
from cleannews.batch.records import Extras, FieldNames, Input, Record, Result, changed_fields


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """The carrier: what stands in the file before the value, the value, and what stands behind it."""

    value: JsonObject | str
    text_field: str | None
    before: str = ""
    after: str = ""

    def fields(self) -> dict[str, Any] | None:
        """Return the object's fields; of a text that is an item by itself, one field."""
        return dict(self.value.values) if isinstance(self.value, JsonObject) else {NEW_TEXT_FIELD: self.value}


@dataclass(frozen=True, slots=True)
class Broken:
    """The carrier of what is no record: it can only be written back as it stands."""

    content: bytes
    before: str = ""
    text_field: str | None = None

    def fields(self) -> dict[str, Any] | None:
        """Return None: it is no record."""
        return None


def record(  # noqa: PLR0913  (two of them are names)
    source: Input, number: int, value: JsonObject | str, names: FieldNames, *, before: str = "", after: str = ""
) -> Record:
    """Return the record of an object, or of a text."""
    if isinstance(value, str):
        return Record(source, number, value, JsonRecord(value, NEW_TEXT_FIELD, before, after))
    choice = chosen(value.values, names)
    if choice is None:
        carrier = JsonRecord(value, None, before, after)
        return Record(source, number, None, carrier, trouble=no_text_field(names, "field"))
    carrier = JsonRecord(value, choice.text, before, after)
    raw = value.values[choice.raw]
    label = choice.label(value.values)
    weight = len(value.content)
    if raw is not None and not isinstance(raw, str):
        trouble = f"field {choice.raw!r} is no text"
        return Record(source, number, None, carrier, trouble=trouble, label=label, weight=weight)
    return Record(source, number, raw, carrier, label=label, weight=weight)


def encoded_record(result: Result, extras: Extras) -> bytes | None:
    """Return a result as one JSON value, of an object only what changed; None if it is no record."""
    carrier = result.record.carrier
    match carrier:
        case JsonRecord(JsonObject() as value):
            return encoded(value.with_values(changed_fields(result, extras)))
        case JsonRecord(str()):
            return dumped(result.text).encode()
        case Document():
            return dumped(record_of(result, with_source=extras.source)).encode()
    fields = carrier.fields() if carrier else None
    return None if fields is None else dumped(fields | changed_fields(result, extras)).encode()
