"""Units: what the scorer decides on.

A short block is one unit. A longer one that may hold boilerplate is as many units as it has sentences, cut besides
where the
rules see copy begin or end, so that copy glued to the story stands alone. Plain prose, most of any article, is no unit
at all:
a run of it is one `QUIET` item of the sequence, whatever its length, so that it costs next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from cleannews.document import REMOVED_BY_DEFAULT
from cleannews.strip.decide import Cut, touching
from cleannews.strip.evidence import Evidence, Scan
from cleannews.strip.segment import Block
from cleannews.strip.signs import Signs

QUIET_LENGTH = 80
"""A part of so many characters that ends like a sentence, with no sign of copy in it, is plain prose."""

SHORT_BLOCK = 160
"""A block of so few characters is one unit, unless the rules cut it."""

NEAR_RULES, NEAR_SIGNS = 2, 1
"""Sentences looked at on either side of one that the rules see, and of one with signs: a pitch goes on in prose."""

QUIET = None
"""Stands for a run of plain prose in a sequence."""

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
    """

    signs: Mapping[str, float]
    threshold: float
    _signs: Signs = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the signs ready to be looked for."""
        object.__setattr__(self, "_signs", Signs(self.signs))

    def __reduce__(self) -> tuple[type[Cutter], tuple[Mapping[str, float], float]]:
        """Return what makes this cutter again in another process: an automaton cannot go there."""
        return Cutter, (self.signs, self.threshold)

    def sequence(self, scan: Scan, evidence: Sequence[Evidence], ruled: Sequence[Cut]) -> list[Unit | None]:
        """Return the units of a text in order, with `QUIET` for every run of plain prose.

        Args:
            scan: the text.
            evidence: what the rules found, in order.
            ruled: what the rules alone would cut, in order.
        """
        evidence = [item for item in evidence if item.label in REMOVED_BY_DEFAULT]
        touched = {item.block for item in evidence}
        edges = sorted({offset for cut in ruled for offset in (cut.start, cut.end)})
        self._weigh(scan)
        items: list[Unit | None] = []
        for block in scan.blocks:
            if block.index not in touched and self._is_quiet(scan, block):
                if not items or items[-1] is not QUIET:
                    items.append(QUIET)
            else:
                _extend(items, self._units(scan, block, evidence, edges))
        return items

    def _weigh(self, scan: Scan) -> None:
        """Find out for all blocks of a text that is new whether their words speak for copy."""
        if 2 * sum([known.signs is None for known in scan.known]) < len(scan.known):
            return
        sums = self._signs.sums_of(scan.lowered, scan.blocks)
        for block, known, found in zip(scan.blocks, scan.known, sums, strict=True):
            if known.signs is None and found is not None:
                known.signs = {(0, block.end - block.start): found >= self.threshold}

    def _is_quiet(self, scan: Scan, block: Block) -> bool:
        """Return whether a block without evidence is plain prose."""
        if block.end - block.start < QUIET_LENGTH or not ends_like_a_sentence(scan.text, block.end):
            return False
        return not self._has_signs(scan, block.index, block.start, block.end)

    def _has_signs(self, scan: Scan, block: int, start: int, end: int) -> bool:
        """Return whether the words of a stretch of a block speak for copy."""
        origin = scan.blocks[block].start
        known, key = scan.known[block], (start - origin, end - origin)
        if known.signs is None:
            known.signs = {}
        found = known.signs.get(key)
        if found is None:
            found = known.signs[key] = self._signs.sum_of(scan.lowered[start:end]) >= self.threshold
        return found

    def _units(
        self, scan: Scan, block: Block, evidence: Sequence[Evidence], edges: Sequence[int]
    ) -> Iterator[Unit | None]:
        inner = edges[bisect_left(edges, block.start + 1) : bisect_left(edges, block.end)]
        if block.end - block.start <= SHORT_BLOCK and not inner:
            yield Unit(block.start, block.end, block.index, 0, 1)
            return
        pieces = list(self._pieces(scan, block, inner))
        wanted = self._wanted(scan, block.index, pieces, evidence)
        for number, (start, end) in enumerate(pieces):
            yield Unit(start, end, block.index, number, len(pieces)) if number in wanted else QUIET

    @staticmethod
    def _pieces(scan: Scan, block: Block, edges: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the sentences of a block, cut again at `edges`, without white space around them."""
        text = scan.text
        for sentence in scan.sentences(block):
            inner = edges[bisect_left(edges, sentence.start + 1) : bisect_left(edges, sentence.end)]
            for start, end in zip([sentence.start, *inner], [*inner, sentence.end], strict=True):
                piece = text[start:end]
                stripped = piece.strip()
                if stripped:
                    first = start + len(piece) - len(piece.lstrip())
                    yield first, first + len(stripped)

    def _wanted(
        self, scan: Scan, block: int, pieces: Sequence[tuple[int, int]], evidence: Sequence[Evidence]
    ) -> set[int]:
        """Return the numbers of the pieces of a block worth a look: those with signs of copy, and their neighbours."""
        wanted: set[int] = set()
        for number, (start, end) in enumerate(pieces):
            touched = bool(touching(evidence, start, end))
            if touched or not ends_like_a_sentence(scan.text, end) or self._has_signs(scan, block, start, end):
                near = NEAR_RULES if touched else NEAR_SIGNS
                wanted.update(range(max(0, number - near), min(len(pieces), number + near + 1)))
        return wanted


def _extend(items: list[Unit | None], more: Iterator[Unit | None]) -> None:
    for item in more:
        if item is not QUIET or not items or items[-1] is not QUIET:
            items.append(item)


def ends_like_a_sentence(text: str, end: int) -> bool:
    """Return whether `text[:end]` ends with a sentence's end mark, closing quotation marks aside."""
    last = text[end - 1]
    return last in _SENTENCE_ENDS or (last in _CLOSERS and text[end - 2] in _SENTENCE_ENDS)
