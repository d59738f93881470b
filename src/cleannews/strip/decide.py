"""Deciding: from evidence to the stretches that go.

Three steps, each of which only ever takes what evidence reaches:

1. `_pitches`: sentences with evidence that stand side by side are one pitch. It is taken when its weights reach 1. A pitch may
   step over a sentence or two without evidence, as long as they do not report, and over a short paragraph between two parts that
   are strong themselves.
2. `_lists`: a heading such as "Most read" takes the headlines that follow it.
3. `_pieces`: matches that stand for themselves (labels, spans) are taken as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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

BRIDGED_WORDS = 60
"""Longest paragraph, in words, without evidence that a pitch may step over."""

COMPLETED_SHARE = 0.5
"""A paragraph of which this share is taken goes as a whole, if the rest is copy as well (see `_is_copy`)."""

SCRAP_WORDS = 3
"""A left-over of a paragraph of so few words without a sentence's end is a button or a field of the form."""

LISTED_BEFORE_PROSE = 12
"""Headlines that a list heading takes at most when the story goes on behind them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the folded text that goes, and why."""

    start: int
    end: int
    label: Label
    rule: str
    score: float


@dataclass(slots=True)
class _Unit:
    """A sentence, or a paragraph without known sentences, on its way into a pitch."""

    start: int
    end: int
    block: int
    evidence: list[Evidence]

    @property
    def weight(self) -> float:
        return sum({item.rule: item.weight for item in self.evidence}.values())


def decide(scan: Scan, evidence: list[Evidence], removed: frozenset[Label]) -> list[Cut]:
    """Return the stretches that go, sorted and without overlaps.

    Args:
        scan: the text.
        evidence: all evidence, in the order of the text.
        removed: the labels asked for; what would go under another one stays.
    """
    cuts = [*_pieces(scan, evidence), *_pitches(scan, evidence), *_lists(scan, evidence)]
    return _without_overlaps(cut for cut in cuts if cut.label in removed)


def _score(weight: float) -> float:
    """Return how sure a summed weight is: each full weight leaves a tenth of the doubt."""
    return round(1.0 - 0.1**weight, 3)


def _pieces(scan: Scan, evidence: Iterable[Evidence]) -> Iterator[Cut]:
    for item in evidence:
        if item.scope in (Scope.SPAN, Scope.LABEL, Scope.LIST) and item.weight >= STRONG:
            yield Cut(item.start, item.end, item.label, item.rule, _score(item.weight))


def _pitches(scan: Scan, evidence: Iterable[Evidence]) -> Iterator[Cut]:
    by_block: dict[int, list[Evidence]] = {}
    for item in evidence:
        by_block.setdefault(item.block, []).append(item)
    run: list[_Unit] = []
    for index in sorted(by_block):
        for unit in _units(scan, scan.blocks[index], by_block[index]):
            bridge = _bridge(scan, run[-1], unit) if run else None
            if bridge is None:
                yield from _taken(scan, run)
                run = []
            run += [*(bridge or []), unit]
    yield from _taken(scan, run)


def _units(scan: Scan, block: Block, evidence: list[Evidence]) -> list[_Unit]:
    """Return the units of a block that have evidence, in order."""
    whole = [item for item in evidence if item.start == block.start and item.end == block.end]
    if whole:
        return [_Unit(block.start, block.end, block.index, evidence)]
    units = []
    for sentence in scan.sentences(block):
        inside = [item for item in evidence if item.start < sentence.end and item.end > sentence.start]
        if inside:
            start = min(sentence.start, *(item.start for item in inside)) if _is_taken_whole(inside) else inside[0].start
            end = max(sentence.end, *(item.end for item in inside)) if _is_taken_whole(inside) else inside[-1].end
            units.append(_Unit(start, end, block.index, inside))
    return units


def _is_taken_whole(evidence: list[Evidence]) -> bool:
    return any(item.scope is Scope.SENTENCE for item in evidence)


def _bridge(scan: Scan, left: _Unit, right: _Unit) -> list[_Unit] | None:
    """Return the units between two, if one pitch may hold both; None if not."""
    if not PITCH_LABELS.issuperset(_labels(left)) or not PITCH_LABELS.issuperset(_labels(right)):
        return None
    if left.block == right.block:
        between = [s for s in scan.sentences(scan.blocks[left.block]) if s.start >= left.end and s.end <= right.start]
        if len(between) > BRIDGED_SENTENCES or any(scan.rules.reports(scan.text[s.start : s.end]) for s in between):
            return None
        return [_Unit(s.start, s.end, left.block, []) for s in between]
    if scan.text[left.end : scan.blocks[left.block].end].strip() or scan.text[scan.blocks[right.block].start : right.start].strip():
        return None
    if right.block - left.block == 1:
        return []
    if right.block - left.block == 2 and left.weight >= STRONG and right.weight >= STRONG:  # noqa: PLR2004
        middle = scan.blocks[left.block + 1]
        text = scan.block_text(middle)
        if len(text.split()) <= BRIDGED_WORDS and '"' not in text and not scan.rules.reports(text):
            return [_Unit(middle.start, middle.end, middle.index, [])]
    return None


def _labels(unit: _Unit) -> set[Label]:
    return {item.label for item in unit.evidence} or set(PITCH_LABELS)


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
    label = max(by_label, key=lambda key: by_label[key])
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
    """Return whether what is left beside a pitch goes with it: nothing, a scrap, or words to the reader that do not report."""
    rest = rest.strip()
    if not rest:
        return True
    if '"' in rest or scan.rules.reports(rest):
        return False
    scrap = len(rest.split()) <= SCRAP_WORDS and rest[-1] not in ".!?"
    return scrap or scan.rules.addresses(rest)


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


def _without_overlaps(cuts: Iterable[Cut]) -> list[Cut]:
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
