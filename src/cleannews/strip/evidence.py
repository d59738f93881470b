"""Evidence: what the rules see in a text that speaks for a stretch of it being boilerplate.

`find_evidence` looks at the blocks of a `Scan`, one after the other, and decides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any

from cleannews.document import Label
from cleannews.rules import Candidate, Group, Rule, RuleSet, Scope
from cleannews.rules.ruleset import LINE, LONG, PARAGRAPH, at_word_edge
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


@dataclass(slots=True)
class Known:
    """What was found out about a block. It follows from the block's text alone, so that it holds in every round.

    All offsets count from the start of the block; None stands for what nobody asked yet.

    Attributes:
        found: what the rules found: start, end and rule.
        sentences: where its sentences begin and end.
        signs: for stretches of it whether their words speak for copy.
    """

    found: Sequence[tuple[int, int, Rule]] | None = None
    sentences: Sequence[tuple[int, int]] | None = None
    signs: dict[tuple[int, int], bool] | None = None


@dataclass(slots=True)
class Scan:
    """One text on its way through the steps: folded, in blocks, with sentences where somebody asked for them.

    Attributes:
        folded: the text in its plain form.
        rules: the rules to look for.
        start: where the text begins behind a scrape header, in the folded text.
        memory: what was found out about pieces of the text, for the next round over what is left of it.
        text: the folded text.
        lowered: the folded text in lower case.
        blocks: the blocks after the scrape header.
        known: what was found out about each of them.
    """

    folded: Folded
    rules: RuleSet
    start: int = 0
    memory: dict[object, Any] = field(default_factory=dict)
    text: str = field(init=False)
    lowered: str = field(init=False)
    blocks: list[Block] = field(init=False)
    known: list[Known] = field(init=False)
    _sentences: dict[int, list[Sentence]] = field(default_factory=dict)
    _reporting: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Cut the text into blocks."""
        self.text, self.lowered = self.folded.text, self.folded.lowered
        self.blocks = blocks_of(self.text, self.start)
        self.known = self._known()

    def _known(self) -> list[Known]:
        """Return what is known of each block, if an earlier round has met it."""
        remembered: dict[str, Known] = self.memory.setdefault(id(self.rules), {})
        texts = [self.text[block.start : block.end] for block in self.blocks]
        return [remembered.get(text) or remembered.setdefault(text, Known()) for text in texts]

    def block_text(self, block: Block) -> str:
        """Return the folded text of a block."""
        return self.text[block.start : block.end]

    def sentences(self, block: Block) -> list[Sentence]:
        """Return the sentences of a block."""
        found = self._sentences.get(block.index)
        if found is None:
            found = self._sentences[block.index] = self._sentences_of(block)
        return found

    def _sentences_of(self, block: Block) -> list[Sentence]:
        known, origin = self.known[block.index], block.start
        if known.sentences is None:
            found = sentences_of(self.text, origin, block.end)
            known.sentences = [(sentence.start - origin, sentence.end - origin) for sentence in found]
            return found
        return [Sentence(origin + start, origin + end) for start, end in known.sentences]

    def sentence_at(self, block: Block, offset: int) -> Sentence:
        """Return the sentence of a block that holds `offset`, or the one before it."""
        sentences = self.sentences(block)
        index = bisect_right(sentences, offset, key=_start) - 1
        return sentences[max(index, 0)]

    def reports(self, text: str) -> bool:
        """Return whether a piece of folded text holds a word of reporting in any language ("said", "told", "sagte")."""
        return self.rules.reporting.occur_in(text.lower())

    def addresses(self, text: str) -> bool:
        """Return whether a piece of folded text speaks to its reader in any language ("you", "your", "our")."""
        return self.rules.address.occur_in(text.lower())

    def is_reporting(self, sentence: Sentence) -> bool:
        """Return whether a sentence reports: it holds a word of reporting, or is longer than copy ever is."""
        found = self._reporting.get(sentence.start)
        if found is None:
            text = self.text[sentence.start : sentence.end]
            found = len(text) > LONGEST_GUARDED or self.reports(text)
            self._reporting[sentence.start] = found
        return found


_start = attrgetter("start")

_Hit = tuple[Group, int]
"""The candidates of a literal, and how far from the start of its block it stands."""

_Found = tuple[int, int, Rule]
"""Start and end of what a rule takes."""

_rank = itemgetter(0)


def find_evidence(scan: Scan) -> list[Evidence]:
    """Return all that the rules find, in the order of the text."""
    _look(scan)
    found = [
        Evidence(block.start + start, block.start + end, rule.label, rule.id, rule.weight, rule.scope, block.index)
        for block, known in zip(scan.blocks, scan.known, strict=True)
        for start, end, rule in known.found or ()
    ]
    return sorted(found, key=lambda item: (item.start, -item.end))


def _look(scan: Scan) -> None:
    """Search the blocks that no earlier round has met."""
    fresh = [block for block, known in zip(scan.blocks, scan.known, strict=True) if known.found is None]
    hits = _hits(scan, fresh) if len(fresh) == len(scan.blocks) else None
    for block in fresh:
        known = scan.known[block.index]
        if known.found is None:
            own = _hits_in(scan, block) if hits is None else hits.get(block.index)
            known.found = [
                (start - block.start, end - block.start, rule) for start, end, rule in _in_block(scan, block, own or [])
            ]


def _hits(scan: Scan, blocks: Sequence[Block]) -> dict[int, list[_Hit]]:
    """Return, by block, where the fixed words of rules stand that it may match: one search over the whole text."""
    groups = scan.rules.groups
    found: dict[int, list[_Hit]] = {}
    following = iter(blocks)
    origin = last = -1
    size, own = LONG, list[_Hit]()
    for number, start, end in scan.rules.hits(scan.lowered):
        while end > last:
            block = next(following, None)
            if block is None:
                return found
            origin, last = block.start, block.end
            size, own = _size(last - origin), []
            found[block.index] = own
        if start >= origin:
            group = groups[number]
            if group.inside or start - origin <= group.reach[size]:
                own.append((group, start - origin))
    return found


def _size(length: int) -> int:
    """Return the size of a block of so many characters: what rules may cover it."""
    if length <= LONGEST_LINE:
        return LINE
    return PARAGRAPH if length <= LONGEST_BLOCK else LONG


def _hits_in(scan: Scan, block: Block) -> list[_Hit]:
    """Return where the fixed words of rules stand in one block."""
    groups = scan.rules.groups
    return [(groups[number], start) for number, start, _ in scan.rules.hits(scan.lowered[block.start : block.end])]


def _in_block(scan: Scan, block: Block, hits: Sequence[_Hit]) -> list[_Found]:
    """Return what the rules find in a block, given which of their fixed words stand how far from its start."""
    if not hits:
        return []
    find = _in_paragraph if block.end - block.start <= LONGEST_PART else _in_long_block
    return find(scan, block, hits)


def _in_paragraph(scan: Scan, block: Block, hits: Sequence[_Hit]) -> list[_Found]:
    """Return what the rules find in a block that is no more than a paragraph: each is tried on it once.

    What they find is in the order in which the fixed words of the rules first stand in it.
    """
    text, lowered = scan.block_text(block), scan.lowered[block.start : block.end]
    size = _size(len(text))
    ranks: dict[int, int] = {}
    done: set[int] = set()
    found: list[tuple[int, _Found]] = []
    for group, distance in hits:
        if distance <= group.reach[size]:
            for candidate in group.covering[size]:
                key = candidate.pattern
                if distance <= candidate.reach and key not in done:
                    done.add(key)
                    if not candidate.lacks(lowered) and scan.rules.covers(candidate, text):
                        found.append((len(ranks), (block.start, block.end, candidate.rule)))
        offset = block.start + distance
        for candidate in group.inside:
            key = ~candidate.pattern
            if key in done:
                continue
            if key not in ranks:
                if candidate.opening and _is_far_from_start(scan, block, offset, candidate.reach):
                    continue
                ranks[key] = len(ranks)
            if candidate.reach == 0 and not _may_begin(scan, candidate, text, distance):
                continue
            done.add(key)
            if candidate.reach == 0 or scan.rules.may_match(candidate, text, lowered):
                find = _FIND[candidate.rule.scope]
                found += [(ranks[key], item) for item in find(scan, candidate, block, offset, set())]
    found.sort(key=_rank)
    return [item for _, item in found]


def _may_begin(scan: Scan, candidate: Candidate, text: str, distance: int) -> bool:
    """Return whether a match may begin at the fixed word that it must begin with."""
    edge = candidate.pinned or at_word_edge(text, distance)
    return edge and scan.rules.may_begin(candidate, text, distance)


def _in_long_block(scan: Scan, block: Block, hits: Sequence[_Hit]) -> list[_Found]:
    """Return what the rules find in a block of several paragraphs: they are tried near each of their fixed words."""
    tried: set[tuple[int, int]] = set()
    found: list[_Found] = []
    for group, distance in hits:
        offset = block.start + distance
        for candidate in group.inside:
            key = (~candidate.pattern, offset)
            if key in tried or (candidate.opening and _is_far_from_start(scan, block, offset, candidate.reach)):
                continue
            tried.add(key)
            found += _FIND[candidate.rule.scope](scan, candidate, block, offset, tried)
    return found


def _is_far_from_start(scan: Scan, block: Block, offset: int, reach: int) -> bool:
    """Return whether no sentence begins so near before `offset` that a match bound to its start could hold it."""
    low = offset - reach - 1
    return low > block.start and not _SENTENCE_BREAK.search(scan.text, low - 1, offset)


def _find_label(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[_Found]:
    """Yield evidence of a rule that stands glued between two sentences; `_find_block` looks for whole paragraphs."""
    for start, end in _nearby(scan, candidate, block, offset, tried):
        if (start, end) != (block.start, block.end) and _stands_alone(scan.text, start, end, block):
            yield start, end, candidate.rule


def _find_span(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[_Found]:
    """Yield evidence of a rule that takes just what it matches."""
    for start, end in _nearby(scan, candidate, block, offset, tried):
        yield start, end, candidate.rule


def _find_sentence(
    scan: Scan, candidate: Candidate, block: Block, offset: int, tried: set[tuple[int, int]]
) -> Iterator[_Found]:
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


def _in_sentence(scan: Scan, candidate: Candidate, block: Block, sentence: Sentence) -> Iterator[_Found]:
    """Yield the evidence of a rule in one sentence."""
    rule = candidate.rule
    text = scan.text[sentence.start : sentence.end]
    for start, end in scan.rules.matches(candidate, text):
        if rule.guarded and scan.is_reporting(sentence):
            return
        if _is_quoted(scan.text, block, sentence.start + start):
            continue
        if rule.guarded and not _speaks_to_reader(scan, sentence, start):
            continue
        if len(text) > LONGEST_SENTENCE:
            yield sentence.start + start, sentence.start + end, rule
        else:
            last = _glue(scan, text, end) if block.end - block.start > LONGEST_PART else len(text)
            yield sentence.start, sentence.start + last, rule
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
