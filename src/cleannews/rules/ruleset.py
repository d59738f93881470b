"""All rules of a run, ready to search with.

One automaton finds the few rules that a text may match; patterns are compiled on demand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleannews.document import RulePackError
from cleannews.rules.pack import Pack, Pattern, Rule, Scope, compile_pattern

UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]")
"""Scripts whose words are not set apart by spaces, or carry endings without one: Thai, Lao, Burmese, Khmer, CJK,
Hangul."""

_SINGLE = re.compile(r"\w+")
_WORDS = _SINGLE.findall


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pattern that a text may match, since fixed words of it were found.

    Attributes:
        rule: the rule that it belongs to.
        pattern: number of the pattern in its rule set.
        reach: how far from the start of a match the words can stand at most.
        pinned: whether a match must stand at the start or end of its unit.
        opening: whether that is always the start.
    """

    rule: Rule
    pattern: int
    reach: int
    pinned: bool
    opening: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates that share a literal.

    Attributes:
        covering: those that must, or may, cover a whole block.
        inside: those that may match inside one.
        reach: the largest reach of a covering one.
    """

    covering: tuple[Candidate, ...]
    inside: tuple[Candidate, ...]
    reach: int

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Group:
        """Return some candidates as a group."""
        covering = tuple(item for item in candidates if item.rule.scope in (Scope.BLOCK, Scope.LIST, Scope.LABEL))
        inside = tuple(item for item in candidates if item.rule.scope not in (Scope.BLOCK, Scope.LIST))
        return cls(covering, inside, max((item.reach for item in covering), default=-1))


@dataclass(frozen=True, slots=True)
class Words:
    """Words and phrases to look for in a sentence.

    Attributes:
        single: words that stand alone, in lower case.
        phrases: what is found as a part of the text: several words, or words of scripts without spaces.
    """

    single: frozenset[str]
    phrases: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Words:
        """Return the words and phrases of a list."""
        lowered = {word.lower() for word in words}
        single = frozenset(word for word in lowered if _SINGLE.fullmatch(word) and not UNSPACED.search(word))
        return cls(single, tuple(sorted(lowered - single)))

    def count(self, lowered: str) -> int:
        """Return how many different ones of these a text in lower case holds; phrases count as one together."""
        found = len(self.single.intersection(_WORDS(lowered)))
        return found + any(phrase in lowered for phrase in self.phrases)


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
            Candidate(self.rules[index], number, p.reach, p.pinned, p.opening)
            for number, (index, p) in enumerate(self._patterns)
        ]
        self._owners = tuple(Group.of([found[number] for number in numbers]) for numbers in owners.values())
        self._automaton = AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA)
        self._compiled: dict[int, Any] = {}

    def candidates(self, lowered: str) -> Iterator[tuple[Group, int]]:
        """Yield (group, offset) for every place where fixed words of some patterns stand in `lowered`.

        Args:
            lowered: folded text in lower case.
        """
        owners = self._owners
        for literal, start, _ in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            yield owners[literal], start

    def matches(self, candidate: Candidate, unit: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of every match of a candidate in `unit` that begins and ends at the edge of a word."""
        pattern = self._pattern(candidate.pattern)
        for match in pattern.finditer(unit):
            start, end = match.span()
            if end > start and at_word_edge(unit, start):
                end = end if at_word_edge(unit, end) else _shorter(pattern, unit, start, end)
                if end:
                    yield start, end

    def covers(self, candidate: Candidate, unit: str) -> bool:
        """Return whether a candidate matches `unit` from its first character to its last."""
        return self._pattern(candidate.pattern).fullmatch(unit) is not None

    def _pattern(self, number: int) -> Any:
        compiled = self._compiled.get(number)
        if compiled is None:
            index, pattern = self._patterns[number]
            compiled = compile_pattern(pattern.text, case_sensitive=self.rules[index].case_sensitive)
            self._compiled[number] = compiled
        return compiled


SHORTENED = 3
"""How often a match that ends inside a word is tried for a shorter one: "their own … Townhall" has "own" twice."""


def _shorter(pattern: Any, unit: str, start: int, end: int) -> int:
    """Return the end, at the edge of a word, of a match from `start` that ends before `end`; 0 if there is none."""
    for _ in range(SHORTENED):
        match = pattern.match(unit[start : end - 1])
        if match is None or not match.end():
            return 0
        end = start + match.end()
        if at_word_edge(unit, end):
            return end
    return 0


def at_word_edge(text: str, offset: int) -> bool:
    """Return whether `offset` is not inside a word of `text`. Scripts without spaces have an edge everywhere."""
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    return not (before.isalnum() and after.isalnum()) or bool(UNSPACED.match(before) or UNSPACED.match(after))
