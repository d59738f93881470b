"""JSON objects of which only some values change: all other characters stay as they stand in the file.

Numbers keep their digits, strings their escapes, and keys their order, which reading and writing anew would not do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object as it stands in a file.

    Attributes:
        content: its characters.
        values: its values by their keys.
        spans: where each value stands in `content`.
        has_strays: whether bytes that are no UTF-8 stand in it as lone surrogates, to be written back as they were.

    """

    content: str
    values: dict[str, Any]
    spans: dict[str, tuple[int, int]]
    has_strays: bool = False

    def with_values(self, new: Mapping[str, Any]) -> str:
        """Return the characters with values replaced, and those of new keys added at the end."""
        content = self.content
        known = sorted((name for name in new if name in self.spans), key=lambda name: self.spans[name], reverse=True)
        for name in known:
            start, end = self.spans[name]
            content = content[:start] + self._dumped(new[name]) + content[end:]
        added = [name for name in new if name not in self.spans]
        if not added:
            return content
        # A compact object stays compact.
        gap = " " if not self.spans or self._has_gaps() else ""
        items = f",{gap}".join(f"{json.dumps(name)}:{gap}{self._dumped(new[name])}" for name in added)
        end = content.rindex("}")
        body = content[:end].rstrip()
        return f"{body}{f',{gap}' if self.spans else ''}{items}{content[len(body) : end]}{content[end:]}"

    def _has_gaps(self) -> bool:
        return self.content[min(self.spans.values())[0] - 1].isspace()

    def _dumped(self, value: Any) -> str:  # noqa: ANN401
        return dumped(value, ascii_only="\\u" in self.content and self.content.isascii(), has_strays=self.has_strays)


def dumped(value: Any, *, ascii_only: bool = False, has_strays: bool = False) -> str:  # noqa: ANN401
    """Return a value as JSON that can be encoded.

    Args:
        value: plain data.
        ascii_only: whether everything else is escaped.
        has_strays: whether lone surrogates stand for bytes, and must not be escaped.
    """
    content = json.dumps(value, ensure_ascii=ascii_only)
    if not has_strays and not content.isascii() and any(ord(character) in _SURROGATES for character in content):
        return json.dumps(value)
    return content


def parse_object(content: str, start: int, *, has_strays: bool = False) -> tuple[JsonObject, int]:
    """Return the object at `start`, and the offset after it.

    Raises:
        ValueError: there is none, or it is not complete.
    """
    values: dict[str, Any] = {}
    spans: dict[str, tuple[int, int]] = {}
    position = _expected(content, start, "{")
    position = _skipped(content, position)
    while not content.startswith("}", position):
        key, position = _value(content, position)
        if not isinstance(key, str):
            raise json.JSONDecodeError("expected a key", content, position)
        position = _expected(content, _skipped(content, position), ":")
        begin = _skipped(content, position)
        values[key], position = _value(content, begin)
        spans[key] = (begin - start, position - start)
        position = _skipped(content, position)
        if not content.startswith("}", position):
            position = _skipped(content, _expected(content, position, ","))
            if content.startswith("}", position):
                raise json.JSONDecodeError("a comma with nothing after it", content, position)
    return JsonObject(content[start : position + 1], values, spans, has_strays), position + 1


def parse_value(content: str, start: int) -> tuple[Any, int]:
    """Return the value at `start`, and the offset after it.

    Raises:
        ValueError: there is none, or it is not complete.
    """
    return _value(content, start)


def _value(content: str, start: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(content, start)
    except RecursionError:
        raise json.JSONDecodeError("nested too deeply", content, start) from None


def _skipped(content: str, position: int) -> int:
    match = _SPACE.match(content, position)
    return match.end() if match else position


def _expected(content: str, position: int, character: str) -> int:
    if not content.startswith(character, position):
        raise json.JSONDecodeError(f"expected {character!r}", content, position)
    return position + 1


def decoded(content: bytes) -> tuple[str, bool]:
    """Return bytes as text, and whether some are no UTF-8: these become lone surrogates."""
    try:
        return content.decode("utf-8"), False
    except UnicodeDecodeError:
        return content.decode("utf-8", "surrogateescape"), True


def encoded(content: str) -> bytes:
    """Return text as bytes, with those back in their places that were no UTF-8."""
    return content.encode("utf-8", "surrogateescape")
