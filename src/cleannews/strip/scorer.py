"""The trained scorer: for every part of a text the probability of each label, decided over the whole document at once.

The model is a linear-chain conditional random field (Lafferty, McCallum and Pereira, 2001; CRFs won CleanEval 2007) over the
features of `features.py`, run by python-crfsuite. It is trained by `python -m cleannews.train` and loaded when first needed.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from cleannews.document import REMOVED_BY_DEFAULT, Label
from cleannews.rules import Scope
from cleannews.rules.pack import STRONG, WEAK
from cleannews.strip.decide import MODEL_PREFIX
from cleannews.strip.evidence import Evidence, Finder, Part, Scan
from cleannews.strip.features import QUIET_RUN, Items, Voice, items_of

MODEL = "model.crfsuite"
"""File name of the model, beside this module."""

SUPPORTED = 0.6
"""Probability from which a run of parts is boilerplate, if a rule has found some in it too. The figures are measured on publishers
held out: such runs lost next to nothing, while runs without a rule's word lost as much as they gained below `ALONE`."""

CONNECTED = 0.8
"""Probability from which neighbours belong to a run that no rule supports."""

ALONE = 0.9
"""Least probability in a run that no rule supports: a story that is itself a list looks like a list of other stories."""

LIKELY = 0.4
"""Probability from which the scorer backs other weak evidence."""

UNLIKELY = 0.01
"""Probability below which the scorer overrules a rule that would take a whole paragraph."""

ALONE_SINGLE = 0.97
"""The same for a part without neighbours of its kind."""

SUB_HEADING_WORDS = 3
"""A lone line of so few words between paragraphs is a sub-heading as soon as a button ("Facebook", "Newsletter")."""

REST_WORDS = 8
"""Words that a paragraph must hold beside what the rules found in it to be a story with copy glued to it."""

TABLE_BARS = 2
"""A line with so many upright bars is a row of a table, of which the scorer knows nothing."""

TABLE_NUMBERS = 3
"""So is one with so many numbers, if they are half of its words."""

KEEP = "keep"
"""What the model calls the article."""

SOFT = "soft"
"""What the model calls credits, captions and meta lines."""


@dataclass(frozen=True, slots=True)
class Score:
    """What the scorer says of a part of a text.

    Attributes:
        label: the likeliest label of boilerplate.
        probability: how likely the part is boilerplate of any label that is removed by default.
    """

    label: Label
    probability: float


class Scorer:
    """Scores the parts of texts under one model. Safe to share between threads: each has its own tagger."""

    def __init__(self, model: bytes) -> None:
        """Hold a trained model, as `python -m cleannews.train` writes it."""
        self._model = model
        self._local = threading.local()

    def scores(self, items: Items) -> dict[int, Score]:
        """Return the scores of a text's parts by their number; plain prose has none."""
        if all(index == QUIET_RUN for index in items.order):
            return {}
        tagger = self._tagger()
        tagger.set(items.features)
        labels = [label for label in tagger.labels() if label not in (KEEP, SOFT)]
        return {
            index: self._score(tagger, labels, position)
            for position, index in enumerate(items.order)
            if index != QUIET_RUN
        }

    @staticmethod
    def _score(tagger: Any, labels: Sequence[str], index: int) -> Score:
        probability = 1.0 - tagger.marginal(KEEP, index) - tagger.marginal(SOFT, index)
        if probability < 0.01:
            return Score(Label.INTERFACE, max(0.0, probability))
        return Score(Label(max(labels, key=lambda label: tagger.marginal(label, index))), probability)

    def _tagger(self) -> Any:
        tagger = getattr(self._local, "tagger", None)
        if tagger is None:
            import pycrfsuite  # noqa: PLC0415

            tagger = pycrfsuite.Tagger()
            tagger.open_inmemory(self._model)
            self._local.tagger = tagger
        return tagger


def load_scorer() -> Scorer:
    """Return the scorer with the model of the package."""
    return Scorer((files("cleannews.strip") / MODEL).read_bytes())


def model_evidence(scorer: Scorer) -> Finder:
    """Return the finder that asks `scorer`, for use after the rules."""

    def find(scan: Scan, found: Sequence[Evidence]) -> Iterator[Evidence]:
        parts = scan.parts()
        inside = evidence_inside(parts, found)
        scores = scorer.scores(part_items(scan, parts, inside))
        for index in _sure(scores, {index: _support(inside[index]) for index in scores}, parts, scan):
            scores[index] = replace(scores[index], probability=1.0)
        for index, score in scores.items():
            part = parts[index]
            weight = _weight(score)
            if weight and not (weight > 0 and _is_story(scan, part, inside[index])):
                scope = Scope.BLOCK if part.whole else Scope.SENTENCE
                rule = f"{MODEL_PREFIX}{score.label}"
                yield Evidence(part.start, part.end, score.label, rule, weight, scope, part.block)

    return find


def _support(evidence: Sequence[Evidence]) -> float:
    """Return the strongest word of the rules for a part being boilerplate."""
    return max((item.weight for item in evidence if item.label in REMOVED_BY_DEFAULT), default=0.0)


def _sure(scores: dict[int, Score], support: dict[int, float], parts: Sequence[Part], scan: Scan) -> set[int]:
    """Return the parts for which the scorer's word is enough alone: they lie in a run that is sure as a whole."""
    sure: set[int] = set()
    for run in _runs(scores, SUPPORTED):
        needed = WEAK if len(run) > 1 else STRONG
        if max(support[index] for index in run) >= needed:
            sure.update(run)
    for run in _runs(scores, CONNECTED):
        least = min(scores[index].probability for index in run)
        if least >= (ALONE if len(run) > 1 else ALONE_SINGLE) and not _is_sub_heading(scan, parts, run):
            sure.update(run)
    return sure


def _is_sub_heading(scan: Scan, parts: Sequence[Part], run: Sequence[int]) -> bool:
    """Return whether a run is one short line with paragraphs on both sides."""
    first, last = run[0], run[-1]
    if len(run) > 1 or first == 0 or last + 1 == len(parts):
        return False
    return scan.text.count(" ", parts[first].start, parts[first].end) < SUB_HEADING_WORDS


def _is_story(scan: Scan, part: Part, evidence: Sequence[Evidence]) -> bool:
    """Return whether a part is no matter for the scorer: a row of a table, or a paragraph of the story with copy glued to it."""
    text = scan.text[part.start : part.end]
    if text.count("|") >= TABLE_BARS:
        return True
    words = text.split()
    numbers = sum(word[-1].isdigit() for word in words)
    if numbers >= TABLE_NUMBERS and 2 * numbers >= len(words):
        return True
    found = [item for item in evidence if item.label in REMOVED_BY_DEFAULT]
    if not found or not part.whole:
        return False
    rest = f"{scan.text[part.start : min(item.start for item in found)]} {scan.text[max(item.end for item in found) : part.end]}"
    return len(rest.split()) >= REST_WORDS and not scan.addresses(rest)


def _runs(scores: dict[int, Score], least: float) -> Iterator[list[int]]:
    """Yield the runs of neighbouring parts whose probability reaches `least`."""
    run: list[int] = []
    for index, score in scores.items():
        if score.probability < least or (run and index != run[-1] + 1):
            if run:
                yield run
            run = []
        if score.probability >= least:
            run.append(index)
    if run:
        yield run


def _weight(score: Score) -> float:
    """Return what a score is worth as evidence."""
    if score.probability == 1.0:
        return STRONG
    if score.probability >= LIKELY:
        return WEAK
    return -STRONG if score.probability < UNLIKELY else 0.0


def part_items(scan: Scan, parts: Sequence[Part], evidence: Sequence[Sequence[Evidence]]) -> Items:
    """Return the sequence of a text, given what the rules found in each part."""
    text, lowered = scan.folded.text, scan.folded.lowered
    return items_of(
        [text[part.start : part.end] for part in parts],
        [lowered[part.start : part.end] for part in parts],
        parts,
        evidence,
        Voice(scan.rules.reporting, scan.rules.address),
    )


def evidence_inside(parts: Sequence[Part], evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Return the evidence that lies in each part; both are in the order of the text."""
    result: list[list[Evidence]] = [[] for _ in parts]
    starts = [part.start for part in parts]
    for item in evidence:
        index = max(0, bisect_right(starts, item.start) - 1)
        while index < len(parts) and parts[index].start < item.end:
            if item.start < parts[index].end:
                result[index].append(item)
            index += 1
    return result
