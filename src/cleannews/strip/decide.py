"""Deciding: from evidence to the stretches that go.

Three steps, each of which only ever takes what evidence reaches:

1. `_pitches`: sentences with evidence that stand side by side are one pitch. It is taken when its weights reach 1. A
pitch may
   step over a sentence or two without evidence, as long as they do not report, and over a short paragraph between two
   parts that
   are strong themselves.
2. `_lists`: a heading such as "Most read" takes the headlines that follow it.
3. `_pieces`: matches that stand for themselves (labels, spans) are taken as they are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TypeVar

from cleannews.document import Label
from cleannews.rules import Scope
from cleannews.rules.pack import STRONG
from cleannews.strip.evidence import Evidence, Scan
from cleannews.strip.segment import Block
from cleannews.strip.shape import is_headline, is_prose

PITCH_LABELS = frozenset({Label.APPEAL, Label.PAYWALL, Label.NEWSLETTER, Label.PROMO, Label.SOCIAL})
"""Labels whose copy runs over several sentences. The others are short and stand for themselves."""

BRIDGED_SENTENCES = 2
"""Sentences without evidence that a pitch may step over inside a paragraph."""

BRIDGED_CHARACTERS = 400
"""Longest paragraph without evidence that a pitch may step over."""

COMPLETED_SHARE = 0.5
"""A paragraph of which this share is taken goes as a whole, if the rest is copy as well (see `_is_copy`)."""

SCRAP_WORDS = 3
"""A left-over of a paragraph of so few words without a sentence's end is a button or a field of the form."""

MODEL_PREFIX = "model."
"""How the ids of the trained scorer's evidence begin."""

LISTED_BEFORE_PROSE = 12
"""Headlines that a list heading takes at most when the story goes on behind them."""


_START = attrgetter("start")

LOOK_BACK = 64
"""Stretches that begin before another and reach into it are looked for among so many before it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the folded text that goes, and why."""

    start: int
    end: int
    label: Label
    rule: str
    score: float


_Stretch = TypeVar("_Stretch", Evidence, Cut)


def touching(stretches: Sequence[_Stretch], start: int, end: int) -> list[_Stretch]:
    """Return those of the sorted `stretches` that overlap the folded text from `start` to `end`."""
    high = bisect_left(stretches, end, key=_START)
    return [item for item in stretches[max(0, high - LOOK_BACK) : high] if item.end > start]


@dataclass(slots=True)
class _Unit:
    """A stretch with evidence, or one that a pitch steps over, on its way into a pitch. It lies in one block."""

    start: int
    end: int
    block: int
    evidence: list[Evidence]

    @property
    def weight(self) -> float:
        return sum({item.rule: item.weight for item in self.evidence}.values())

    @property
    def may_run(self) -> bool:
        """Whether its labels are such as run over several sentences."""
        return all(item.label in PITCH_LABELS for item in self.evidence)


def decide(scan: Scan, evidence: list[Evidence], removed: frozenset[Label]) -> list[Cut]:
    """Return the stretches that go, sorted and without overlaps.

    Args:
        scan: the text.
        evidence: all evidence, in the order of the text.
        removed: the labels asked for; what would go under another one stays.
    """
    cuts = [*_pieces(scan, evidence), *_pitches(scan, evidence), *_lists(scan, evidence)]
    return without_overlaps(cut for cut in cuts if cut.label in removed)


def _score(weight: float) -> float:
    """Return how sure a summed weight is: each full weight leaves a tenth of the doubt."""
    doubt: float = 0.1**weight
    return round(1.0 - doubt, 3)


def _pieces(scan: Scan, evidence: Iterable[Evidence]) -> Iterator[Cut]:
    for item in evidence:
        if item.scope in (Scope.SPAN, Scope.LABEL, Scope.LIST) and item.weight >= STRONG:
            yield Cut(item.start, item.end, item.label, item.rule, _score(item.weight))


def _pitches(scan: Scan, evidence: Iterable[Evidence]) -> Iterator[Cut]:
    run: list[_Unit] = []
    for unit in _units(evidence):
        bridge = _bridge(scan, run[-1], unit) if run else None
        if bridge is None:
            yield from _taken(scan, run)
            run = []
        run += [*(bridge or []), unit]
    yield from _taken(scan, run)


def _units(evidence: Iterable[Evidence]) -> list[_Unit]:
    """Return the stretches with evidence, in order; evidence that overlaps is one stretch."""
    units: list[_Unit] = []
    for item in evidence:
        if units and item.start < units[-1].end:
            units[-1].end = max(units[-1].end, item.end)
            units[-1].evidence.append(item)
        else:
            units.append(_Unit(item.start, item.end, item.block, [item]))
    return units


def _bridge(scan: Scan, left: _Unit, right: _Unit) -> list[_Unit] | None:
    """Return the units between two, if one pitch may hold both; None if not."""
    if left.may_run and _is_button(scan, left, right):
        return []
    if not (left.may_run and right.may_run):
        return None
    if left.block == right.block:
        return _sentences_between(scan, left, right)
    return _blocks_between(scan, left, right)


def _blocks_between(scan: Scan, left: _Unit, right: _Unit) -> list[_Unit] | None:
    """Return the units between two in different blocks; None if one ends, or the other begins, inside its block."""
    ends = _is_empty(scan, left.end, scan.blocks[left.block].end)
    begins = _is_empty(scan, scan.blocks[right.block].start, right.start)
    if not ends or not begins or _are_strangers(left, right):
        return None
    if right.block - left.block == 1:
        return []
    if right.block - left.block == 2 and left.weight >= STRONG and right.weight >= STRONG:
        return _block_between(scan, scan.blocks[left.block + 1])
    return None


def _is_button(scan: Scan, left: _Unit, right: _Unit) -> bool:
    """Return whether `right` is a label that closes the pitch `left` on its line ("… to help. Read more")."""
    labels = all(item.scope is Scope.LABEL for item in right.evidence)
    return labels and left.block == right.block and _is_empty(scan, left.end, right.start)


def _are_strangers(left: _Unit, right: _Unit) -> bool:
    """Return whether two paragraphs have nothing in common: both only hints, or each sure of another label."""
    strong = (left.weight >= STRONG) + (right.weight >= STRONG)
    if strong < 2:
        return not strong
    return not {item.label for item in left.evidence} & {item.label for item in right.evidence}


def _is_empty(scan: Scan, start: int, end: int) -> bool:
    return not scan.text[start:end].strip()


def _sentences_between(scan: Scan, left: _Unit, right: _Unit) -> list[_Unit] | None:
    if _is_empty(scan, left.end, min(right.start, left.end + 2)) and right.start - left.end <= 1:
        return []
    sentences = scan.sentences(scan.blocks[left.block])
    first = bisect_left(sentences, left.end, key=_START)
    between = []
    for sentence in sentences[first : first + BRIDGED_SENTENCES + 1]:
        if sentence.end > right.start:
            break
        between.append(sentence)
    if len(between) > BRIDGED_SENTENCES or any(scan.reports(scan.text[s.start : s.end]) for s in between):
        return None
    return [_Unit(s.start, s.end, left.block, []) for s in between]


def _block_between(scan: Scan, block: Block) -> list[_Unit] | None:
    text = scan.block_text(block)
    if len(text) > BRIDGED_CHARACTERS or '"' in text or scan.reports(text) or not scan.addresses(text):
        return None
    return [_Unit(block.start, block.end, block.index, [])]


def _taken(scan: Scan, run: list[_Unit]) -> Iterator[Cut]:
    """Yield the cuts of a run of units, one a paragraph, if its weights reach a whole one."""
    weights: dict[str, float] = {}
    by_label: dict[Label, float] = {}
    for unit in run:
        for item in unit.evidence:
            if item.rule not in weights:
                by_label[item.label] = by_label.get(item.label, 0.0) + item.weight
            weights[item.rule] = item.weight
    total = sum(weights.values())
    if total < STRONG:
        return
    label = max(by_label, key=lambda key: (key in PITCH_LABELS, by_label[key]))
    rule = next(
        item.rule
        for weight in sorted(set(weights.values()), reverse=True)
        for unit in run
        for item in unit.evidence
        if item.label is label and item.weight == weight
    )
    for index in dict.fromkeys(unit.block for unit in run):
        units = [unit for unit in run if unit.block == index]
        start, end = _completed(scan, scan.blocks[index], units[0].start, units[-1].end, label)
        yield Cut(start, end, label, rule, _score(total))


def _completed(scan: Scan, block: Block, start: int, end: int, label: Label) -> tuple[int, int]:
    """Return the whole block if most of it is taken and the rest does not report, else the stretch as it is."""
    if label not in PITCH_LABELS or end - start < COMPLETED_SHARE * (block.end - block.start):
        return start, end
    if _is_copy(scan, scan.text[block.start : start]) and _is_copy(scan, scan.text[end : block.end]):
        return block.start, block.end
    return start, end


def _is_copy(scan: Scan, rest: str) -> bool:
    """Return whether what is left beside a pitch goes too: nothing, a scrap, or words to the reader."""
    rest = rest.strip()
    if not rest:
        return True
    if '"' in rest or scan.reports(rest):
        return False
    scrap = len(rest.split()) <= SCRAP_WORDS and rest[-1] not in ".!?"
    return scrap or scan.addresses(rest)


def _lists(scan: Scan, evidence: list[Evidence]) -> Iterator[Cut]:
    taken_until = -1
    for item in evidence:
        if item.scope is not Scope.LIST or item.block < taken_until:
            continue
        listed = _headlines_after(scan, item.block)
        taken_until = item.block + len(listed) + 1
        for block in listed:
            yield Cut(block.start, block.end, item.label, item.rule, _score(item.weight))


def _headlines_after(scan: Scan, index: int) -> list[Block]:
    """Return the blocks after block `index` that read like other stories' headlines, up to the first that does not."""
    listed: list[Block] = []
    for block in scan.blocks[index + 1 :]:
        if not is_headline(scan.block_text(block)):
            break
        listed.append(block)
    following = scan.blocks[index + 1 + len(listed) :]
    if len(listed) > LISTED_BEFORE_PROSE and any(is_prose(scan.block_text(block)) for block in following):
        return listed[:LISTED_BEFORE_PROSE]
    return listed


def without_overlaps(cuts: Iterable[Cut]) -> list[Cut]:
    """Return the cuts in order, those that overlap made one under the larger one's label and rule."""
    merged: list[Cut] = []
    for cut in sorted(cuts, key=lambda item: (item.start, -item.end)):
        if merged and cut.start < merged[-1].end:
            last = merged[-1]
            main = max(last, cut, key=lambda item: (item.end - item.start, item.score))
            merged[-1] = Cut(last.start, max(last.end, cut.end), main.label, main.rule, main.score)
        else:
            merged.append(cut)
    return merged
