"""Folding: the plain form of a text that rules are written for, and the way back to the source's offsets.

Scrapes write one phrase in many ways: curly or straight quotes, no-break spaces, doubled spaces, soft hyphens. Folding
makes
them one. Most changes swap one character for another and move nothing; only where characters fall away is a map kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from cleannews.rules.words import lower

_SWAPS = (
    *((mark, '"') for mark in "“”„‟«»″〝〞"),
    *((mark, "'") for mark in "’‘‚‛ʼ′´`‹›"),
    *((mark, "-") for mark in "–—‐‑‒―−"),
    *((space, " ") for space in "\t\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"),
    *((mark, "\n") for mark in "\r\x0b\x0c\x85\u2028\u2029"),
)
"""One character for another. Every kind of line break becomes a line feed."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Soft hyphen, zero-width characters, direction marks and a stray byte order mark."""

_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a character, as broken JSON leaves behind. No search engine takes it."""

_DROPPED = re.compile(rf"[{INVISIBLE}]+| (?=[ {INVISIBLE}]* )")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in its plain form.

    Attributes:
        text: the folded text.
        lowered: the same in lower case, character by character.
        points: folded offsets at which something fell away, sorted.
        shifts: how many characters of the source fell away up to each point.
    """

    text: str
    lowered: str
    points: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def source_start(self, offset: int) -> int:
        """Return the source offset of the folded character at `offset`."""
        if not self.points:
            return offset
        index = bisect_right(self.points, offset)
        return offset + (self.shifts[index - 1] if index else 0)

    def source_end(self, offset: int) -> int:
        """Return the source offset after the folded character before `offset`."""
        return self.source_start(offset - 1) + 1 if offset else 0

    def from_source(self, offset: int) -> int:
        """Return the folded offset of the first character that stands at or after `offset` in the source."""
        low, high = 0, len(self.text)
        while low < high:
            middle = (low + high) // 2
            if self.source_start(middle) < offset:
                low = middle + 1
            else:
                high = middle
        return low


def fold(source: str) -> Folded:
    """Return the folded form of `source`."""
    text = source
    for old, new in _ASCII_SWAPS:
        text = text.replace(old, new)
    foreign = _foreign(text)
    if not foreign.isdisjoint(_SURROGATES):
        text = _SURROGATE.sub("\ufffd", text)
    for old in foreign & _FOREIGN_SWAPS.keys():
        text = text.replace(old, _FOREIGN_SWAPS[old])
    points: list[int] = []
    shifts: list[int] = []
    if "  " in text or not foreign.isdisjoint(INVISIBLE):
        text = _drop(text, points, shifts)
    return Folded(text, lower(text), tuple(points), tuple(shifts))


def _foreign(text: str) -> set[str]:
    """Return the characters of `text` beyond ASCII: there are few different ones, and so few swaps to be made."""
    if text.isascii():
        return set()
    return set(text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))


_ASCII = bytes(range(128))
_ASCII_SWAPS = tuple(swap for swap in _SWAPS if swap[0].isascii())
_FOREIGN_SWAPS = {old: new for old, new in _SWAPS if not old.isascii()}
_SURROGATES = frozenset(map(chr, range(0xD800, 0xE000)))


def _drop(text: str, points: list[int], shifts: list[int]) -> str:
    pieces: list[str] = []
    last = gone = 0
    for match in _DROPPED.finditer(text):
        pieces.append(text[last : match.start()])
        gone += match.end() - match.start()
        last = match.end()
        points.append(last - gone)
        shifts.append(gone)
    pieces.append(text[last:])
    return "".join(pieces)
