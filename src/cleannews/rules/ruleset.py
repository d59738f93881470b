"""All rules of a run, ready to search with.

One automaton finds the few rules that a text may match; patterns are compiled on demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleannews.document import RulePackError
from cleannews.rules.pack import FAR, Pack, Pattern, Rule, Scope, compile_pattern, without_positions
from cleannews.rules.words import UNSPACED, Words, lower

if TYPE_CHECKING:
    from cleannews.rules.engine import Regex


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern that a text may match, since fixed words of it were found.

    Attributes:
        rule: the rule that it belongs to.
        pattern: number of the pattern in its rule set.
        further: more words of which every match holds some: one of each set.
        starts: words of which every match begins with one, if they are known.
        reach: how far from the start of a match the fixed words can stand at most.
        pinned: whether a match must stand at the start or end of its unit.
        opening: whether that is always the start.
    """

    rule: Rule
    pattern: int
    further: tuple[tuple[str, ...], ...]
    starts: tuple[str, ...]
    reach: int
    pinned: bool
    opening: bool

    def lacks(self, lowered: str) -> bool:
        """Return whether a text in lower case lacks words without which there is no match in it."""
        for literals in self.further:
            for literal in literals:
                if literal in lowered:
                    break
            else:
                return True
        return False

    def openings(self, lowered: str) -> Iterator[int]:
        """Yield where a match may begin in a text in lower case, if the words are known."""
        for literal in self.starts:
            offset = lowered.find(literal)
            while offset >= 0:
                yield offset
                offset = lowered.find(literal, offset + 1)


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates that share a literal.

    Attributes:
        inside: those that may match inside a block.
        covering: those that must, or may, cover a whole block: for a line, a paragraph and a longer one (`LINE`,
            `PARAGRAPH`, `LONG`).
        reach: the largest reach of each of these.
    """

    inside: tuple[Candidate, ...]
    covering: tuple[tuple[Candidate, ...], ...]
    reach: tuple[int, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Group:
        """Return some candidates as a group."""
        covering = tuple(item for item in candidates if item.rule.scope in (Scope.BLOCK, Scope.LIST, Scope.LABEL))
        inside = tuple(item for item in candidates if item.rule.scope not in (Scope.BLOCK, Scope.LIST))
        bounded = tuple(item for item in covering if item.reach < FAR)
        sizes = (covering, bounded, ())
        return cls(inside, sizes, tuple(_furthest(some) for some in sizes))


LINE, PARAGRAPH, LONG = range(3)
"""Sizes of blocks. A pattern that may begin with anything is for lines; none covers more than a paragraph."""


def _furthest(candidates: Sequence[Candidate]) -> int:
    return max((item.reach for item in candidates), default=-1)


class RuleSet:
    """The rules of some packs, searched all at once. Immutable after construction and safe to share between threads."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        """Index the rules of `packs`.

        Raises:
            RulePackError: two rules have one id.
        """
        from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415

        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.reporting = Words.of(word for pack in packs for word in pack.reporting)
        self.address = Words.of(word for pack in packs for word in pack.address)
        self.corrections = Words.of(word for pack in packs for word in pack.corrections)
        self._patterns: list[tuple[int, Pattern]] = []
        owners: dict[str, list[int]] = {}
        ids: set[str] = set()
        for index, rule in enumerate(self.rules):
            if rule.id in ids:
                raise RulePackError(f"rule {rule.id}: two rules have this id")
            ids.add(rule.id)
            for pattern in rule.patterns:
                for literal in pattern.literals:
                    owners.setdefault(literal, []).append(len(self._patterns))
                self._patterns.append((index, pattern))
        found = [
            Candidate(self.rules[index], number, p.further, p.starts, p.reach, p.pinned, p.opening)
            for number, (index, p) in enumerate(self._patterns)
        ]
        sharing = [tuple(numbers) for numbers in owners.values()]  # thousands of literals, hundreds of different owners
        shared = {numbers: Group.of([found[number] for number in numbers]) for numbers in set(sharing)}
        self.groups = tuple(shared[numbers] for numbers in sharing)
        self._automaton = AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA)
        self._compiled: dict[int, Regex] = {}
        self._loose: dict[int, Regex] = {}

    def hits(self, lowered: str) -> list[tuple[int, int, int]]:
        """Return (number of a group, start, end) for every place where its literal stands, in the order of their ends.

        Args:
            lowered: folded text in lower case.
        """
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(lowered, overlapping=True)
        return found

    def matches(self, candidate: Candidate, unit: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of every match of a candidate in `unit` that begins and ends at the edge of a word."""
        pattern = self._pattern(candidate.pattern)
        spans = _from_openings(pattern, candidate, unit) if candidate.starts else _anywhere(pattern, unit)
        for start, longest in spans:
            if longest > start and at_word_edge(unit, start):
                end = longest if at_word_edge(unit, longest) else _shorter(pattern, unit, start, longest)
                if end:
                    yield start, end

    def covers(self, candidate: Candidate, unit: str) -> bool:
        """Return whether a candidate matches `unit` from its first character to its last."""
        return self._pattern(candidate.pattern).covers(unit.encode())

    def may_match(self, candidate: Candidate, text: str, lowered: str) -> bool:
        """Return whether a candidate may match in a part of `text`: False is sure, wherever the parts begin and end."""
        if candidate.lacks(lowered):
            return False
        if candidate.starts:
            return any(self.may_begin(candidate, text, offset) for offset in candidate.openings(lowered))
        return self._loosely(candidate.pattern).occurs(text.encode())

    def may_begin(self, candidate: Candidate, text: str, offset: int) -> bool:
        """Return whether a match of a candidate in a part of `text` may begin at `offset`; False is sure."""
        return self._loosely(candidate.pattern).opens(text[offset : offset + LONGEST_MATCH].encode()) >= 0

    def _loosely(self, number: int) -> Regex:
        compiled = self._loose.get(number)
        if compiled is None:
            compiled = self._loose[number] = self._compile(number, loose=True)
        return compiled

    def _pattern(self, number: int) -> Regex:
        compiled = self._compiled.get(number)
        if compiled is None:
            compiled = self._compiled[number] = self._compile(number)
        return compiled

    def _compile(self, number: int, *, loose: bool = False) -> Regex:
        index, pattern = self._patterns[number]
        text = without_positions(pattern.text) if loose and pattern.pinned else pattern.text
        return compile_pattern(text, case_sensitive=self.rules[index].case_sensitive)


LONGEST_MATCH = 4_000
"""Characters in which a match ends, if it does: patterns bound what they step over, and no sentence of copy is longer.
Without it a book on one line would be copied for every word that a pattern begins with."""

SHORTENED = 3
"""How often a match that ends inside a word is tried for a shorter one: "their own … Townhall" has "own" twice."""


def _anywhere(pattern: Regex, unit: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the matches of a pattern in `unit`."""
    data = unit.encode()
    for start, end in pattern.spans(data):
        yield (start, end) if len(data) == len(unit) else (_characters(data, start), _characters(data, end))


def _from_openings(pattern: Regex, candidate: Candidate, unit: str) -> Iterator[tuple[int, int]]:
    """Yield the same for a pattern of which it is known how its matches begin."""
    last = 0
    for start in sorted(candidate.openings(lower(unit))):
        if start >= last:
            data = unit[start:].encode()
            end = pattern.opens(data)
            if end > 0:
                last = start + _characters(data, end)
                yield start, last


def _shorter(pattern: Regex, unit: str, start: int, end: int) -> int:
    """Return the end, at the edge of a word, of a match from `start` that ends before `end`; 0 if there is none."""
    for _ in range(SHORTENED):
        data = unit[start : end - 1].encode()
        shorter = pattern.opens(data)
        if shorter <= 0:
            return 0
        end = start + _characters(data, shorter)
        if at_word_edge(unit, end):
            return end
    return 0


def _characters(data: bytes, offset: int) -> int:
    """Return the offset in characters for one in bytes."""
    return len(data[:offset].decode(errors="replace"))


def at_word_edge(text: str, offset: int) -> bool:
    """Return whether `offset` is not inside a word of `text`. Scripts without spaces have an edge everywhere."""
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    return not (before.isalnum() and after.isalnum()) or bool(UNSPACED.match(before) or UNSPACED.match(after))
