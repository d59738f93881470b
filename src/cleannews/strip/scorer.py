"""The trained scorer: for every unit of a text how likely it is boilerplate, and of which label.

Two models stand one on the other (stacking; Wolpert, 1992). A linear model over hashed features looks at a unit and
the edges of
its neighbours. Boosted trees then look at its answer, at its answers for the units around, and at the shape of the
runs they
make. A third, linear, names the label. All three are trained by `python -m cleannews.train` and loaded when first
needed.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from cleannews.document import Label
from cleannews.forest import Forest
from cleannews.strip.context import context_rows
from cleannews.strip.decide import Cut, touching
from cleannews.strip.echo import echo
from cleannews.strip.evidence import Evidence, Scan
from cleannews.strip.features import View, Voice, rows_of, view_of
from cleannews.strip.linear import LABEL_SLOTS, SLOTS, SOFT_SLOTS, Linear
from cleannews.strip.units import Cutter, Unit

MODEL = "model"
"""Folder of the model, beside this module."""

WEIGHTS, REST = "weights.bin", "model.json"
"""The files of a model: the weights of the linear models, one after the other, and everything else."""

HARD, SOFT = "hard", "soft"
"""The linear models that tell boilerplate, and credits, captions and meta lines, from the article. The others name
labels."""

STORED_SLOTS = {HARD: SLOTS, SOFT: SOFT_SLOTS}
"""Weights of these two in the file; the others have `LABEL_SLOTS`."""

HOPELESS = -2.75
"""Log odds of the linear model below which no neighbour makes a unit boilerplate: the trees are not asked. Measured on
publishers held out: below it they gave none of the boilerplate a probability above 0.4."""


RULED_ODDS = 1.0
"""What the rules' word adds to the log odds of a label. Where they have one, 0.959 of the words of publishers held out
are named right so; by the model alone 0.951, by the rules alone 0.938."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A unit and what the model thinks of it.

    Attributes:
        unit: the unit.
        view: how it looks.
        odds: log odds of the same by its own words and the edges of its neighbours alone.
        probability: how likely it is of a label that is removed by default.
        soft: log odds of its being a credit, a caption or a meta line.
        slots: its hashed features, by which `Scorer.label` names it.
    """

    unit: Unit
    view: View
    odds: float
    probability: float
    soft: float
    slots: set[int]


@dataclass(frozen=True, slots=True)
class Items:
    """A text as the model sees it.

    Attributes:
        sequence: its units, None for plain prose.
        views: how each looks.
        slots: the hashed features of each.
        lowered: the folded text in lower case.
        start: where the text begins in it.
    """

    sequence: list[Unit | None]
    views: list[View | None]
    slots: list[set[int]]
    lowered: str
    start: int

    def rows(self, hard: Sequence[float], soft: Sequence[float]) -> dict[int, list[float]]:
        """Return what the trees are asked about, by the number of the item: the units that are not hopeless.

        Args:
            hard: log odds of every item being boilerplate.
            soft: log odds of every item being a credit, a caption or a meta line.
        """
        units = {at: unit for at, unit in enumerate(self.sequence) if unit is not None and hard[at] >= HOPELESS}
        rows = context_rows(self.sequence, self.views, hard, soft, units)
        return {
            at: [*row, *echo(self.lowered, self.start, unit)]
            for (at, unit), row in zip(units.items(), rows, strict=True)
        }


def items_of(
    scan: Scan, evidence: Sequence[Evidence], ruled: Sequence[Cut], cutter: Cutter, *, placed: bool = True
) -> Items:
    """Return a text as the model sees it, given what the rules found in it and would cut of it.

    Args:
        scan: the text.
        evidence: what the rules found.
        ruled: what they would cut.
        cutter: cuts it into units.
        placed: whether it is a whole document, in which units have a place.
    """
    voice = Voice(scan.rules.reporting, scan.rules.address)
    sequence = cutter.sequence(scan, evidence, ruled)
    views = [
        None
        if unit is None
        else _view(scan, unit, touching(evidence, unit.start, unit.end), touching(ruled, unit.start, unit.end), voice)
        for unit in sequence
    ]
    return Items(sequence, views, rows_of(scan, sequence, views, placed=placed), scan.lowered, scan.start)


def _view(scan: Scan, unit: Unit, evidence: Sequence[Evidence], ruled: Sequence[Cut], voice: Voice) -> View:
    """Return how a unit looks, from the scan's memory if it has been seen in an earlier round."""
    stretches: list[Evidence | Cut] = [*evidence, *ruled]
    found = tuple((item.rule, item.start - unit.start, item.end - unit.start) for item in stretches)
    key = (id(scan.rules), scan.text[unit.start : unit.end], found)
    view = scan.memory.get(key)
    if not isinstance(view, View):
        view = scan.memory[key] = view_of(scan, unit, evidence, ruled, voice)
    return view


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores the units of texts. Immutable and safe to share between threads.

    Attributes:
        cutter: cuts texts into units.
        linear: the linear models by name: `HARD`, `SOFT`, and one for every label.
        trees: the trees.
    """

    cutter: Cutter
    linear: Mapping[str, Linear]
    trees: Forest

    def scored(self, scan: Scan, evidence: Sequence[Evidence], ruled: Sequence[Cut]) -> list[Scored]:
        """Return the units of a text with their scores, in order; plain prose has none."""
        items = items_of(scan, evidence, ruled, self.cutter)
        return [] if all(unit is None for unit in items.sequence) else self.scored_items(items)

    def scored_items(self, items: Items) -> list[Scored]:
        """Return the scores of a text that is already in the model's form."""
        hard = [self.linear[HARD].score(slots) for slots in items.slots]
        soft = [self.linear[SOFT].score(slots) for slots in items.slots]
        if max(hard) < HOPELESS:
            return []
        rows = items.rows(hard, soft)
        return [
            Scored(
                unit,
                view,
                hard[at],
                self.trees.probability(rows[at]) if at in rows else 0.0,
                soft[at],
                items.slots[at],
            )
            for at, (unit, view) in enumerate(zip(items.sequence, items.views, strict=True))
            if unit is not None and view is not None
        ]

    def label(self, scored: Scored, labels: Sequence[Label]) -> Label:
        """Return the likeliest of some labels for a unit."""
        slots = [slot % LABEL_SLOTS for slot in scored.slots]
        ruled = scored.view.ruled
        return max(labels, key=lambda label: self.linear[label].score(slots) + RULED_ODDS * (label in ruled))


def read_scorer(folder: Traversable) -> Scorer:
    """Return the scorer whose model stands in `folder`."""
    data = json.loads((folder / REST).read_text(encoding="utf-8"))
    weights = array("b", (folder / WEIGHTS).read_bytes())
    linear: dict[str, Linear] = {}
    start = 0
    for name, bias in data["linear"].items():
        end = start + STORED_SLOTS.get(name, LABEL_SLOTS)
        model = Linear(weights[start:end], bias)
        linear[name] = model.widened() if name == SOFT else model
        start = end
    cutter = Cutter(data["signs"], data["threshold"])
    return Scorer(cutter, linear, Forest(data["trees"]))


def load_scorer() -> Scorer:
    """Return the scorer with the model of the package."""
    return read_scorer(files("cleannews.strip") / MODEL)
