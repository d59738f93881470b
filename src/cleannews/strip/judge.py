"""Judging: from what the rules and the model say of the units of a text to the stretches that go.

A unit goes when the model is sure enough of it. How sure is enough depends on the level, and is less where the rules
would cut
the unit as well. Units that go side by side in one block are one cut.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

from cleannews.document import KEPT_BY_DEFAULT, REMOVED_BY_DEFAULT, Label, Level
from cleannews.strip.decide import MODEL_PREFIX, PITCH_LABELS, Cut
from cleannews.strip.evidence import LONGEST_PART, LONGEST_SENTENCE, Evidence, Scan
from cleannews.strip.guards import is_code_or_table, spared
from cleannews.strip.scorer import Scored, Scorer


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a unit goes.

    Attributes:
        ruled: where the rules would cut it as well.
        listed: where they would cut it for the heading above it, as one of a list of other stories.
        alone: on the model's word alone.
        assured: the same where the unit's own words leave little doubt.
        inside: the same for a sentence of a block that is several paragraphs without their line breaks.
        beside: the same for a sentence beside one of a pitch that goes.
    """

    ruled: float
    listed: float
    alone: float
    assured: float
    inside: float
    beside: float


THRESHOLDS = {
    Level.CAREFUL: Thresholds(0.8, 0.905, 0.92, 0.895, 0.88, 0.62),
    Level.STANDARD: Thresholds(0.5, 0.85, 0.73, 0.72, 0.53, 0.46),
    Level.THOROUGH: Thresholds(0.16, 0.32, 0.345, 0.23, 0.375, 0.24),
}
"""Measured on publishers held out (see train/EXPERIMENTS.md): the loss that they cost is the level's budget."""

ASSURED = 3.25
"""Log odds of the linear model from which a unit's own words leave little doubt."""

LONGEST_GAP = 3
"""Units that may stand between two parts of one pitch: its middle is known by its ends."""

STEPPED_OVER = 1
"""Units that may stand so between two parts of a pitch in neighbouring paragraphs."""

BRIDGED = 400
"""Characters of plain prose that a pitch may step over in its paragraph: what the outlet says of its own work."""

BRIDGED_SHARE = 0.5
"""Share of the paragraph that must be the pitch's for that."""

PARAGRAPH = 5
"""Sentences of a paragraph in which a pitch grows: a block of more lost its line breaks, and the story is near."""

BELONGS = 0.3
"""Probability from which such a unit goes with them, where the rules would not cut it."""

SHORT_TEXT = 780
"""Characters of a text in which a story has little but its words to be known by."""

SHORT = Thresholds(0.0, 0.0, 0.94, 0.92, 0.94, 0.8)
"""The least that is enough in such a text. Measured on stories written to be mistaken, with copy set in between their
paragraphs (tests/test_insertions.py)."""

BY_PLACE = 0.75
"""Probability from which a unit may be part of a pitch for what stands around it alone, whatever its own words."""

EMPTIED = 2 / 3
"""A text of which more than this share would go may be a list whose links are its content: it is judged carefully."""

SOFT_ODDS = 1.0
"""Log odds from which a credit, a caption or a meta line is one, if it is to be removed at all."""

_HARD = tuple(label for label in Label if label in REMOVED_BY_DEFAULT)
_SOFT = tuple(label for label in Label if label in KEPT_BY_DEFAULT)


@dataclass(frozen=True, slots=True)
class _Going:
    """A unit that goes, and what for."""

    scored: Scored
    label: Label


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides, and how.

    Attributes:
        scorer: the model.
        removed: the labels asked for.
        level: how much damage may be risked.
    """

    scorer: Scorer
    removed: frozenset[Label]
    level: Level = Level.STANDARD

    def cuts(self, scan: Scan, evidence: Sequence[Evidence], ruled: Sequence[Cut]) -> list[Cut]:
        """Return the stretches that go, sorted and without overlaps.

        Args:
            scan: the text.
            evidence: what the rules found.
            ruled: what the rules alone would cut.
        """
        units = self.scorer.scored(scan, evidence, ruled)
        thresholds = THRESHOLDS[self.level]
        if len(scan.text) - scan.start < SHORT_TEXT:
            thresholds = _at_least(thresholds, SHORT)
        going = self._going(scan, units, thresholds)
        size = sum([item.scored.unit.end - item.scored.unit.start for item in going])
        if size > EMPTIED * (len(scan.text) - scan.start):
            going = self._going(scan, units, THRESHOLDS[Level.CAREFUL])
        return [_cut(run, evidence) for run in _runs(scan, going)]

    def _going(self, scan: Scan, units: Sequence[Scored], thresholds: Thresholds) -> list[_Going]:
        """Return the units that go."""
        labels = [self._label(scored, _enough(scan, scored, thresholds)) for scored in units]
        going = [at for at, label in enumerate(labels) if label is not None]
        for at in spared(scan, units, going) if going else ():
            labels[at] = None
        _grow(scan, units, labels, thresholds.beside)
        for first, last in _gaps(scan, units, labels):
            if all(_belongs(scored) for scored in units[first:last]):
                labels[first:last] = [labels[last]] * (last - first)
        _agree(scan, units, labels)
        _lead_in(scan, units, labels)
        labelled = zip(units, labels, strict=True)
        return [_Going(scored, label) for scored, label in labelled if label is not None and label in self.removed]

    def _label(self, scored: Scored, enough: float) -> Label | None:
        """Return what a unit is, None for the article."""
        if scored.probability >= enough:
            return self.scorer.label(scored, _HARD)
        return self.scorer.label(scored, _SOFT) if scored.soft >= SOFT_ODDS else None


def _grow(scan: Scan, units: Sequence[Scored], labels: list[Label | None], beside: float) -> None:
    """Let what goes take its neighbours in the block along, one after the other, as far as they are likely copy too."""
    likely = [
        scored.probability >= beside and _may_be_copy(scan, scored) and not is_code_or_table(scan, scored)
        for scored in units
    ]
    joined = [_joins(scan, left, right) for left, right in pairwise(units)]
    for at in range(1, len(units)):
        if labels[at] is None and likely[at] and joined[at - 1] and labels[at - 1] in PITCH_LABELS:
            labels[at] = labels[at - 1]
    for at in range(len(units) - 2, -1, -1):
        if labels[at] is None and likely[at] and joined[at] and labels[at + 1] in PITCH_LABELS:
            labels[at] = labels[at + 1]


def _agree(scan: Scan, units: Sequence[Scored], labels: list[Label | None]) -> None:
    """Let the sentences between two parts of a pitch have its label: their place says more than their words alone."""
    last: int | None = None
    for at, label in enumerate(labels):
        if last is not None and not (label and _follows(scan, units[at - 1], units[at])):
            last = None
        if label in PITCH_LABELS:
            if last is not None and labels[last] is label and all(_is_sentence(unit) for unit in units[last:at]):
                labels[last:at] = [label] * (at - last)
            last = at


def _lead_in(scan: Scan, units: Sequence[Scored], labels: list[Label | None]) -> None:
    """Let what goes and breaks off have the label of the pitch that takes it up."""
    for at in range(len(units) - 2, -1, -1):
        if labels[at] and labels[at + 1] in PITCH_LABELS and _goes_on(scan, units[at], units[at + 1]):
            labels[at] = labels[at + 1]


def _goes_on(scan: Scan, left: Scored, right: Scored) -> bool:
    """Return whether a unit breaks off and the next takes it up: "Now, more than ever …", "… we need you"."""
    if left.view.ending not in "~…" or not scan.text.startswith(("…", "..."), right.unit.start):
        return False
    return _follows(scan, left, right)


def _is_sentence(scored: Scored) -> bool:
    return scored.view.ending in ".!?"


def _at_least(asked: Thresholds, least: Thresholds) -> Thresholds:
    """Return the thresholds asked for, none of them below another's."""
    return Thresholds(*map(max, astuple(asked), astuple(least)))


def _may_be_copy(scan: Scan, scored: Scored) -> bool:
    """Return whether a unit may be part of the pitch beside it: by its own words, or by a place that is sure enough."""
    if scored.unit.end - scored.unit.start > LONGEST_SENTENCE:
        return False
    speaks = scan.addresses(scan.text[scored.unit.start : scored.unit.end])
    if scored.probability < BY_PLACE and scored.odds < 0.0 and not speaks:
        return False
    return scored.unit.pieces <= PARAGRAPH or bool(scored.view.verdict) or speaks


def _is_long(scan: Scan, scored: Scored) -> bool:
    """Return whether a unit lies in a block that is several paragraphs without their line breaks."""
    block = scan.blocks[scored.unit.block]
    return block.end - block.start > LONGEST_PART


def _gaps(scan: Scan, units: Sequence[Scored], labels: Sequence[Label | None]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of few units that stay between two of their block that go under one label."""
    last: int | None = None
    for at, label in enumerate(labels):
        if label is None:
            continue
        if last is not None and 1 < at - last <= LONGEST_GAP + 1 and labels[last] is label:
            pairs = list(pairwise(units[last : at + 1]))
            follows = _follows if len(pairs) == STEPPED_OVER + 1 and label in PITCH_LABELS else _joins
            if all(follows(scan, left, right) for left, right in pairs):
                yield last + 1, at
        last = at


def _belongs(scored: Scored) -> bool:
    """Return whether a unit between two of a pitch is part of it: the rules say so, or the model does not doubt it."""
    return scored.view.verdict in ("r", "l") or scored.probability >= BELONGS


def _enough(scan: Scan, scored: Scored, thresholds: Thresholds) -> float:
    """Return the probability from which a unit goes."""
    verdict = scored.view.verdict
    if verdict in ("r", "l"):
        return thresholds.ruled if verdict == "r" else thresholds.listed
    alone = thresholds.inside if _is_long(scan, scored) else thresholds.alone
    return min(alone, thresholds.assured) if scored.odds >= ASSURED else alone


def _runs(scan: Scan, going: Sequence[_Going]) -> Iterator[list[_Going]]:
    """Yield the units that go, those together that stand side by side in one block."""
    taken: Counter[int] = Counter()
    for item in going:
        taken[item.scored.unit.block] += item.scored.unit.end - item.scored.unit.start
    run: list[_Going] = []
    for item in going:
        if run and not (_joins(scan, run[-1].scored, item.scored) or _is_bridged(scan, run[-1], item, taken)):
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _is_bridged(scan: Scan, left: _Going, right: _Going, taken: Mapping[int, int]) -> bool:
    """Return whether the plain prose between two parts of a pitch belongs to it, most of whose paragraph is pitch.

    `taken` says how many characters of a block go.
    """
    block = scan.blocks[left.scored.unit.block]
    if right.scored.unit.block != block.index or right.label is not left.label or left.label not in PITCH_LABELS:
        return False
    if taken[block.index] < BRIDGED_SHARE * (block.end - block.start) or _is_long(scan, left.scored):
        return False
    between = scan.text[left.scored.unit.end : right.scored.unit.start]
    if len(between) > BRIDGED or '"' in between:
        return False
    return scan.addresses(between) or not scan.reports(between)


def _follows(scan: Scan, left: Scored, right: Scored) -> bool:
    """Return whether two units stand side by side, in one paragraph or at the edges of two."""
    edges = left.unit.number == left.unit.pieces - 1 and right.unit.number == 0
    return _joins(scan, left, right) or (edges and right.unit.block == left.unit.block + 1)


def _joins(scan: Scan, left: Scored, right: Scored) -> bool:
    return left.unit.block == right.unit.block and not scan.text[left.unit.end : right.unit.start].strip()


def _cut(run: Sequence[_Going], evidence: Sequence[Evidence]) -> Cut:
    words: dict[Label, int] = {}
    for going in run:
        words[going.label] = words.get(going.label, 0) + going.scored.view.words
    label = max(words, key=lambda name: words[name])
    start, end = run[0].scored.unit.start, run[-1].scored.unit.end
    score = max(going.scored.probability for going in run)
    return Cut(start, end, label, _rule(start, end, label, evidence), round(score, 3))


def _rule(start: int, end: int, label: Label, evidence: Sequence[Evidence]) -> str:
    """Return the id of the strongest rule of a label inside a cut, or the model's."""
    inside = [item for item in evidence if item.label is label and item.start < end and item.end > start]
    return max(inside, key=lambda item: item.weight).rule if inside else f"{MODEL_PREFIX}{label}"
