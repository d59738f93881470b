"""Units: what the scorer decides on.

A short block is one unit. A longer one that may hold boilerplate is as many units as it has sentences, cut besides
where the
rules see copy begin or end, so that copy glued to the story stands alone. Plain prose, most of any article, is no unit
at all:
a run of it is one `QUIET` item of the sequence, whatever its length, so that it costs next to nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from cleannews.strip.decide import Cut
from cleannews.strip.evidence import Evidence, Scan
from cleannews.strip.segment import Block, Sentence

QUIET_LENGTH = 80
"""A part of so many characters that ends like a sentence, with no sign of copy in it, is plain prose."""

SHORT_BLOCK = 160
"""A block of so few characters is one unit, unless the rules cut it."""

NEAR = 2
"""Sentences on either side of one with signs of copy that are looked at too: a pitch goes on in words of prose."""

QUIET = None
"""Stands for a run of plain prose in a sequence."""

_SEAM = re.compile(r"(?<=[\w)…] )([A-ZÀ-ÞА-Я]\w*)")
"""A capital behind a word and a space."""

_START = attrgetter("start")
_SENTENCE_ENDS = frozenset(".!?。！？")
_CLOSERS = frozenset("\"')]」』”")


@dataclass(frozen=True, slots=True)
class Unit:
    """A block, a sentence of one, or a piece of a sentence.

    Attributes:
        start: offset in the folded text.
        end: offset in the folded text, exclusive.
        block: index of its block.
        number: its number among the pieces of its block.
        pieces: how many pieces its block has.
    """

    start: int
    end: int
    block: int
    number: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts a text into units.

    Attributes:
        signs: for words in lower case how much each speaks for copy, learnt from the gold.
        threshold: the sum from which a part is not plain prose.
        openers: words with a capital that open sentences and stand in small letters elsewhere ("The", "But").
    """

    signs: Mapping[str, float]
    threshold: float
    openers: frozenset[str] = frozenset()

    def sequence(self, scan: Scan, evidence: Sequence[Evidence], ruled: Sequence[Cut]) -> list[Unit | None]:
        """Return the units of a text in order, with `QUIET` for every run of plain prose.

        Args:
            scan: the text.
            evidence: what the rules found, in order.
            ruled: what the rules alone would cut, in order.
        """
        touched = {item.block for item in evidence}
        edges = sorted({offset for cut in ruled for offset in (cut.start, cut.end)})
        items: list[Unit | None] = []
        for block in scan.blocks:
            if block.index not in touched and self.is_quiet(scan, block.start, block.end):
                if not items or items[-1] is not QUIET:
                    items.append(QUIET)
            else:
                _extend(items, self._units(scan, block, evidence, edges))
        return items

    def is_quiet(self, scan: Scan, start: int, end: int) -> bool:
        """Return whether a stretch without evidence is plain prose."""
        if end - start < QUIET_LENGTH or not ends_like_a_sentence(scan.text, end):
            return False
        return self.strength(scan.plain[start:end]) < self.threshold

    def strength(self, plain: str) -> float:
        """Return how much the words of a text, in lower case and without marks, speak for copy."""
        signs = self.signs
        return sum([signs[word] for word in plain.split() if word in signs])

    def _units(
        self, scan: Scan, block: Block, evidence: Sequence[Evidence], edges: Sequence[int]
    ) -> Iterator[Unit | None]:
        inner = edges[bisect_left(edges, block.start + 1) : bisect_left(edges, block.end)]
        if block.end - block.start <= SHORT_BLOCK and not inner:
            yield Unit(block.start, block.end, block.index, 0, 1)
            return
        pieces = list(self._pieces(scan, block, inner))
        wanted = self._wanted(scan, pieces, evidence)
        for number, (start, end) in enumerate(pieces):
            yield Unit(start, end, block.index, number, len(pieces)) if number in wanted else QUIET

    def _pieces(self, scan: Scan, block: Block, edges: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the sentences of a block, cut again at `edges` and where a story may be glued to copy."""
        text = scan.text
        for sentence in scan.sentences(block):
            inner = list(edges[bisect_left(edges, sentence.start + 1) : bisect_left(edges, sentence.end)])
            if inner or not self.is_quiet(scan, sentence.start, sentence.end):
                inner = sorted({*inner, *self._seams(text, sentence)})
            for start, end in zip([sentence.start, *inner], [*inner, sentence.end], strict=True):
                piece = text[start:end]
                stripped = piece.strip()
                if stripped:
                    first = start + len(piece) - len(piece.lstrip())
                    yield first, first + len(stripped)

    def _seams(self, text: str, sentence: Sentence) -> Iterator[int]:
        """Yield where a sentence may be two without a mark between: before a word that opens sentences."""
        for match in _SEAM.finditer(text, sentence.start, sentence.end):
            if match.group(1) in self.openers:
                yield match.start(1)

    def _wanted(self, scan: Scan, pieces: Sequence[tuple[int, int]], evidence: Sequence[Evidence]) -> set[int]:
        """Return the numbers of the pieces worth a look: those with signs of copy, and their neighbours."""
        wanted: set[int] = set()
        low = bisect_left(evidence, pieces[0][0], key=_START)
        found = evidence[low : bisect_left(evidence, pieces[-1][1], low, key=_START)]
        for number, (start, end) in enumerate(pieces):
            touched = any(item.start < end and item.end > start for item in found)
            if touched or not self.is_quiet(scan, start, end):
                wanted.update(range(max(0, number - NEAR), min(len(pieces), number + NEAR + 1)))
        return wanted


def _extend(items: list[Unit | None], more: Iterator[Unit | None]) -> None:
    for item in more:
        if item is not QUIET or not items or items[-1] is not QUIET:
            items.append(item)


def ends_like_a_sentence(text: str, end: int) -> bool:
    """Return whether `text[:end]` ends with a sentence's end mark, closing quotation marks aside."""
    last = text[end - 1]
    return last in _SENTENCE_ENDS or (last in _CLOSERS and text[end - 2] in _SENTENCE_ENDS)
