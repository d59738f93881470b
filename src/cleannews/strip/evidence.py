"""Evidence: what the rules see in a text that speaks for a stretch of it being boilerplate.

`find_evidence` looks at the blocks of a `Scan`, one after the other, and decides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from cleannews.document import Label
from cleannews.rules import Candidate, Rule, RuleSet, Scope
from cleannews.strip.fold import Folded
from cleannews.strip.segment import Block, Sentence, blocks_of, sentences_of

WINDOW = 400
"""Characters on either side of a fixed word in which a `label` or `span` match must lie."""

LONGEST_PART = 1_000
"""A block beyond this is several paragraphs that lost their line breaks; the scorer looks at its sentences."""

LONGEST_BLOCK = 600
"""A rule that must cover a whole paragraph is not tried on longer ones."""

LONGEST_LINE = 240
"""The same for a pattern that may begin with anything: such patterns are for lines, and would be tried on all prose."""

LONGEST_SENTENCE = 1_200
"""Text without sentence ends (tables, code, other scripts' prose) is searched but never taken as one sentence beyond
this."""

LONGEST_GUARDED = 500
"""Copy speaks in short sentences; a longer one is reporting, or a list, and a guarded rule spares it."""

OPENING_WORDS = 4
"""Copy either speaks to its reader or comes to the point within so many words ("Donate now", "To subscribe, …")."""

LONGEST_REST = 80
"""Copy does not go on for more characters than this behind its point without speaking to the reader."""

_CAPITAL = re.compile(r"(?<=[\w.)]) (?=[\"'(]*[A-Z])")
"""Where a sentence may be glued to another: a space before a capital."""

_SENTENCE_BREAK = re.compile(r"[.!?…:\"')。！？\]]")
"""What a sentence can begin behind."""

QUOTED_WITHIN = 1_500
"""Quotation marks are paired from the start of the paragraph, but not over more than this many characters."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reason to take `text[start:end]` of the folded text.

    Attributes:
        start: offset in the folded text.
        end: offset in the folded text, exclusive.
        label: what it would be.
        rule: id of the rule or finder.
        weight: 1 is enough alone; below 0 it speaks for the article.
        scope: what a match takes along.
        block: index of the block that it lies in.
    """

    start: int
    end: int
    label: Label
    rule: str
    weight: float
    scope: Scope
    block: int


@dataclass(frozen=True, slots=True)
class Part:
    """What the scorer decides on: a block, or a sentence of a block too long to be one paragraph."""

    start: int
    end: int
    block: int
    whole: bool


@dataclass(slots=True)
class Scan:
    """One text on its way through the steps: folded, in blocks, with sentences where somebody asked for them.

    Attributes:
        folded: the text in its plain form.
        rules: the rules to look for.
        start: where the text begins behind a scrape header, in the folded text.
        memory: what was found out about pieces of the text, for the next round over what is left of it.
    """

    folded: Folded
    rules: RuleSet
    start: int = 0
    memory: dict[object, object] = field(default_factory=dict)
    _sentences: dict[int, list[Sentence]] = field(default_factory=dict)
    _reporting: dict[int, bool] = field(default_factory=dict)
    _blocks: list[Block] | None = None

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    @property
    def lowered(self) -> str:
        """The folded text in lower case."""
        return self.folded.lowered

    @property
    def blocks(self) -> list[Block]:
        """The blocks after the scrape header."""
        if self._blocks is None:
            self._blocks = blocks_of(self.text, self.start)
        return self._blocks

    def block_text(self, block: Block) -> str:
        """Return the folded text of a block."""
        return self.text[block.start : block.end]

    def sentences(self, block: Block) -> list[Sentence]:
        """Return the sentences of a block."""
        found = self._sentences.get(block.index)
        if found is None:
            found = self._sentences[block.index] = sentences_of(self.text, block.start, block.end)
        return found

    def parts(self) -> list[Part]:
        """Return the text in parts for the scorer: blocks, and of long blocks (lost line breaks) the sentences."""
        parts: list[Part] = []
        for block in self.blocks:
            if block.end - block.start <= LONGEST_PART:
                parts.append(Part(block.start, block.end, block.index, whole=True))
            else:
                parts += [Part(s.start, s.end, block.index, whole=False) for s in self.sentences(block)]
        return parts

    def sentence_at(self, block: Block, offset: int) -> Sentence:
        """Return the sentence of a block that holds `offset`, or the one before it."""
        sentences = self.sentences(block)
        index = bisect_right(sentences, offset, key=_start) - 1
        return sentences[max(index, 0)]

    def reports(self, text: str) -> bool:
        """Return whether a piece of folded text holds a word of reporting in any language ("said", "told", "sagte")."""
        return self.rules.reporting.count(text.lower()) > 0

    def addresses(self, text: str) -> bool:
        """Return whether a piece of folded text speaks to its reader in any language ("you", "your", "our")."""
        return self.rules.address.count(text.lower()) > 0

    def is_reporting(self, sentence: Sentence) -> bool:
        """Return whether a sentence reports: it holds a word of reporting, or is longer than copy ever is."""
        found = self._reporting.get(sentence.start)
        if found is None:
            text = self.text[sentence.start : sentence.end]
            found = len(text) > LONGEST_GUARDED or self.reports(text)
            self._reporting[sentence.start] = found
        return found


_start = attrgetter("start")


def find_evidence(scan: Scan) -> list[Evidence]:
    """Return all that the rules find, in the order of the text."""
    found = [item for block in scan.blocks for item in _remembered(scan, block)]
    return sorted(found, key=lambda item: (item.start, -item.end))


def _remembered(scan: Scan, block: Block) -> Iterator[Evidence]:
    """Yield what the rules find in a block, from the scan's memory if an earlier round has met it."""
    key = (id(scan.rules), scan.block_text(block))
    found = scan.memory.get(key)
    if not isinstance(found, tuple):
        found = scan.memory[key] = tuple(
            (item.start - block.start, item.end - block.start, item.rule, item.label, item.weight, item.scope)
            for item in _in_block(scan, block)
        )
    for start, end, rule, label, weight, scope in found:
        yield Evidence(block.start + start, block.start + end, label, rule, weight, scope, block.index)


def _in_block(scan: Scan, block: Block) -> Iterator[Evidence]:
    """Yield what the rules find in a block."""
    length = block.end - block.start
    tried: set[tuple[int, int]] = set()
    for group, distance in scan.rules.candidates(scan.lowered[block.start : block.end]):
        if distance <= group.reach and length <= LONGEST_BLOCK:
            for candidate in group.covering:
                key = (candidate.pattern, block.start)
                fits = distance <= candidate.reach and (length <= LONGEST_LINE or candidate.reach < LONGEST_BLOCK)
                if fits and key not in tried:
                    tried.add(key)
                    yield from _find_block(scan, candidate, block)
        offset = block.start + distance
        for candidate in group.inside:
            if candidate.opening and _is_far_from_start(scan, block, offset, candidate.reach):
                continue
            key = (~candidate.pattern, block.start if length <= LONGEST_PART else offset)
            if key not in tried:
                tried.add(key)
                yield from _FIND[candidate.rule.scope](scan, candidate, block, offset, tried)


def _is_far_from_start(scan: Scan, block: Block, offset: int, reach: int) -> bool:
    """Return whether no sentence begins so near before `offset` that a match bound to its start could hold it."""
    low = offset - reach - 1
    return low > block.start and not _SENTENCE_BREAK.search(scan.text, low - 1, offset)


def _find_block(scan: Scan, candidate: Candidate, block: Block) -> Iterator[Evidence]:
    """Yield evidence of a rule that must cover its paragraph."""
    if scan.rules.covers(candidate, scan.block_text(block)):
        yield _evidence(candidate.rule, block.start, block.end, block)


def _find_label(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[Evidence]:
    """Yield evidence of a rule that stands glued between two sentences; `_find_block` looks for whole paragraphs."""
    for start, end in _nearby(scan, candidate, block, offset, tried):
        if (start, end) != (block.start, block.end) and _stands_alone(scan.text, start, end, block):
            yield _evidence(candidate.rule, start, end, block)


def _find_span(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[Evidence]:
    """Yield evidence of a rule that takes just what it matches."""
    for start, end in _nearby(scan, candidate, block, offset, tried):
        yield _evidence(candidate.rule, start, end, block)


def _find_sentence(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[Evidence]:
    """Yield evidence of a rule that takes the sentence it matches in."""
    if candidate.pinned:
        sentences = _sentences_near(scan, block, offset)
    else:
        starts = [start for start, _ in _matches_around(scan, candidate, block, offset)]
        sentences = [scan.sentence_at(block, start) for start in starts]
    for sentence in sentences:
        key = (candidate.pattern, -sentence.start - 1)
        if key not in tried:
            tried.add(key)
            yield from _in_sentence(scan, candidate, block, sentence)


def _sentences_near(scan: Scan, block: Block, offset: int) -> Sequence[Sentence]:
    """Return the sentences that a pinned rule is tried on: of a long block only the one at `offset`."""
    if block.end - block.start <= LONGEST_PART:
        return scan.sentences(block)
    return (scan.sentence_at(block, offset),)


def _in_sentence(scan: Scan, candidate: Candidate, block: Block, sentence: Sentence) -> Iterator[Evidence]:
    """Yield the evidence of a rule in one sentence."""
    rule = candidate.rule
    if rule.guarded and scan.is_reporting(sentence):
        return
    text = scan.text[sentence.start : sentence.end]
    for start, end in scan.rules.matches(candidate, text):
        if _is_quoted(scan.text, block, sentence.start + start):
            continue
        if rule.guarded and not _speaks_to_reader(scan, sentence, start):
            continue
        if len(text) > LONGEST_SENTENCE:
            yield _evidence(rule, sentence.start + start, sentence.start + end, block)
        else:
            last = _glue(scan, text, end) if block.end - block.start > LONGEST_PART else len(text)
            yield _evidence(rule, sentence.start, sentence.start + last, block)
        return


def _matches_around(scan: Scan, candidate: Candidate, block: Block, offset: int) -> Iterator[tuple[int, int]]:
    """Yield where a candidate matches: anywhere in a paragraph, or near `offset` in a longer block."""
    low, high = block.start, block.end
    if high - low > LONGEST_PART:
        low, high = max(low, offset - min(WINDOW, candidate.reach + 1)), min(high, offset + WINDOW)
    for start, end in scan.rules.matches(candidate, scan.text[low:high]):
        yield low + start, low + end


def _glue(scan: Scan, sentence: str, end: int) -> int:
    """Return how far a match that ends at `end` takes its sentence along: to its end, or to a story glued to it.

    Where line breaks were lost, "… agree to our Privacy Policy She has more than …" reads as one sentence. A long rest
    that
    begins with a capital and does not speak to the reader is the story.
    """
    for match in _CAPITAL.finditer(sentence, end, min(len(sentence), end + LONGEST_REST)):
        rest = sentence[match.start() :]
        if len(rest) > LONGEST_REST and not scan.addresses(rest):
            return match.start()
    return len(sentence)


def _speaks_to_reader(scan: Scan, sentence: Sentence, start: int) -> bool:
    """Return whether a match at `start` of a sentence speaks to the reader, or comes to the point at once."""
    text = scan.text[sentence.start : sentence.end]
    return text.count(" ", 0, start) < OPENING_WORDS or scan.addresses(text)


_FIND = {
    Scope.LABEL: _find_label,
    Scope.SPAN: _find_span,
    Scope.SENTENCE: _find_sentence,
}


def _evidence(rule: Rule, start: int, end: int, block: Block) -> Evidence:
    return Evidence(start, end, rule.label, rule.id, rule.weight, rule.scope, block.index)


def _nearby(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the matches around `offset` that were not found before."""
    for start, end in _matches_around(scan, candidate, block, offset):
        key = (candidate.pattern, -start - 1)
        if key not in tried:
            tried.add(key)
            yield start, end


def _stands_alone(text: str, start: int, end: int, block: Block) -> bool:
    """Return whether text[start:end] stands between a sentence's end and a capital, or the block's edges."""
    before = text[max(block.start, start - 3) : start].rstrip(" ")
    after = text[end : min(block.end, end + 3)].lstrip(" ")
    opens = not before or before[-1] in ".!?…\"')]"
    closes = not after or after[0] in "\"'([" or after[0].isupper() or after[0].isdigit()
    return opens and closes and not text[start].islower()


def _is_quoted(text: str, block: Block, offset: int) -> bool:
    """Return whether `offset` lies inside quotation marks that opened earlier in the block."""
    return text.count('"', max(block.start, offset - QUOTED_WITHIN), offset) % 2 == 1
