"""Signs of copy: words that speak for it, each with its weight, found in a whole text at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ahocorasick_rs import BytesAhoCorasick

from cleannews.rules.words import spaces_between, splitter
from cleannews.strip.segment import Block

_WORD = re.compile(r"[^\W_]+")
_SPACED = spaces_between(_WORD)

words_of = splitter(_WORD)
"""Returns the words of a text."""


class Signs:
    """Words that speak for copy."""

    __slots__ = ("_automaton", "_listed", "_weights")

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Hold words, in lower case, and how much each speaks for copy."""
        self._weights = weights
        plain = [word for word in weights if word.isascii()]
        self._listed = [weights[word] for word in plain]
        self._automaton = BytesAhoCorasick([f" {word} ".encode() for word in plain])

    def sum_of(self, lowered: str) -> float:
        """Return how much the words of a text in lower case speak for copy."""
        weights = self._weights
        return sum([weights[word] for word in words_of(lowered) if word in weights])

    def sums_of(self, lowered: str, blocks: Sequence[Block]) -> list[float | None]:
        """Return the same for every block of a text, by one search over it; None for those that are not ASCII."""
        found: list[list[float]] = [[] for _ in blocks]
        at = 0
        for number, start, after in self._places(lowered):
            while at < len(blocks) and after > blocks[at].end:
                at += 1
            if at == len(blocks):
                break
            if start >= blocks[at].start:
                found[at].append(self._listed[number])
        plain = lowered.isascii()
        return [
            sum(weights) if plain or lowered[block.start : block.end].isascii() else None
            for block, weights in zip(blocks, found, strict=True)
        ]

    def _places(self, lowered: str) -> Iterator[tuple[int, int, int]]:
        """Yield (number of a word, start, end), for the words of ASCII alone, in the order of the text."""
        spaced = b" %b " % lowered.encode("ascii", "replace").translate(_SPACED)
        for number, start, end in self._automaton.find_matches_as_indexes(spaced, overlapping=True):
            yield number, start, end - 2  # what was searched begins with one more space, and so does each match
