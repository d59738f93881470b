"""Training the whole scorer, with or without some publishers, and writing it."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from cleannews.document import KEPT_BY_DEFAULT, REMOVED_BY_DEFAULT
from cleannews.forest import Forest
from cleannews.strip.linear import LABEL_SLOTS, SOFT_SLOTS, Linear
from cleannews.strip.scorer import HARD, REST, SOFT, STORED_SLOTS, WEIGHTS, Scorer
from cleannews.strip.units import Cutter
from cleannews.train.data import OTHER, UNSURE, Example, fold_of
from cleannews.train.fit import Floats, fit_linear, fit_trees, folded, matrix_of, odds_of

SHARE = {
    "dev": 1.0,
    "dev-flat": 0.7,
    "dev-multilingual": 0.6,
    "dev-multilingual-flat": 0.3,
    "marked": 1.0,
    "marked-flat": 0.7,
    "marked-p": 0.6,
    "marked-p-flat": 0.4,
    "marked-trafilatura": 0.6,
    "marked-trafilatura-flat": 0.4,
    "segments": 1.0,
    "copy": 0.8,
    "own": 0.6,
    "layout": 0.8,
    "layout-flat": 0.4,
    "story": 0.6,
    "story-flat": 0.4,
    "glued": 0.6,
    "page-p": 0.3,
    "page-trafilatura": 0.2,
}
"""What a unit of each set counts, beside one of a marked document: less where it says the same again, or is marked by
a program."""

TREE_SHARE = {
    "dev": 1.0,
    "dev-flat": 0.7,
    "dev-multilingual": 0.6,
    "dev-multilingual-flat": 0.3,
    "marked": 1.0,
    "marked-flat": 0.7,
    "marked-p": 0.4,
    "marked-p-flat": 0.2,
    "marked-trafilatura": 0.4,
    "marked-trafilatura-flat": 0.2,
    "layout": 0.3,
    "layout-flat": 0.2,
    "story": 1.2,
    "story-flat": 0.8,
    "glued": 1.0,
    "page-p": 0.05,
    "page-trafilatura": 0.05,
}
"""The same for the trees, which need whole documents, and real ones: how boilerplate lies in them cannot be made up."""

ONCE = ("dev", "dev-multilingual", "marked", "marked-p", "segments", "copy", "own")
"""The sets from which labels are learnt: the others say the same again."""

SOFT_SHARE = 0.15
"""Credits and captions are neither rewarded nor punished when they go, so they count little."""

LONGEST = 40
"""Words of a unit that count."""

ROOT = 0.5
"""A mistake on a unit costs its words to this power: the measure counts words, but one long unit teaches no more than
a short one."""

SURE = 0.0
"""Log odds from which a line outside a page's body is a credit or the like: what it is is not known there."""

MONOTONE = (0,)
"""Numbers of the context features more of which never makes boilerplate less likely: a unit's own log odds."""

LABELS = (*sorted(REMOVED_BY_DEFAULT), *sorted(KEPT_BY_DEFAULT))


@dataclass(frozen=True, slots=True)
class Table:
    """All units of all examples, side by side.

    Attributes:
        rows: their hashed features.
        labels: the label of each.
        publishers: the publisher of each.
        kinds: the set that each comes from.
        words: the words of each.
        verdicts: what the rules say of each.
        examples: the examples.
        places: for every unit the numbers of its example and of its item.
    """

    rows: csr_matrix
    labels: NDArray[np.str_]
    publishers: NDArray[np.str_]
    kinds: NDArray[np.str_]
    words: Floats
    verdicts: NDArray[np.str_]
    examples: Sequence[Example]
    places: NDArray[np.int64]


def table_of(examples: Sequence[Example]) -> Table:
    """Return the units of all examples in one table."""
    places, slots, labels, words, verdicts = [], [], [], [], []
    for number, example in enumerate(examples):
        for at in example.trained():
            view = example.items.views[at]
            assert view is not None
            places.append((number, at))
            slots.append(example.items.slots[at])
            labels.append(example.labels[at])
            words.append(float(max(1, min(LONGEST, view.words))))
            verdicts.append(view.verdict)
    publishers = [examples[number].text.publisher for number, _ in places]
    kinds = [examples[number].text.kind for number, _ in places]
    return Table(
        matrix_of(slots), np.array(labels), np.array(publishers), np.array(kinds),
        np.array(words), np.array(verdicts), examples, np.array(places),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """What the units are, for fitting.

    Attributes:
        hard: whether each is boilerplate.
        soft: whether each is a credit, a caption or a meta line.
        known: what each counts, 0 where its label says nothing sure.
    """

    hard: NDArray[np.bool_]
    soft: NDArray[np.bool_]
    known: Floats


def truth_of(table: Table) -> Truth:
    """Return what the units of a table are."""
    hard = np.isin(table.labels, [*map(str, REMOVED_BY_DEFAULT), OTHER])
    soft = np.isin(table.labels, [*map(str, KEPT_BY_DEFAULT)])
    from_page = np.char.startswith(table.kinds, "page")
    contested = from_page & ~hard & (table.verdicts == "r")
    return Truth(hard, soft, np.where((table.labels == UNSURE) | contested, 0.0, 1.0))


def _cost(table: Table, share: dict[str, float]) -> Floats:
    shares = np.array([share.get(kind, 0.0) for kind in table.kinds])
    return shares * table.words**ROOT


def fit_two(table: Table, truth: Truth, used: NDArray[np.bool_]) -> tuple[Linear, Linear]:
    """Return the models of boilerplate and of soft labels, from the units that are `used`."""
    cost = np.where(used, _cost(table, SHARE) * truth.known, 0.0)
    rows = folded(table.rows, SOFT_SLOTS)
    known = np.where(table.labels == OTHER, 0.0, cost)
    soft = fit_linear(rows, truth.soft, known, table.publishers).widened()
    unknown = (table.labels == OTHER) & (odds_of(table.rows, soft) > SURE)
    cost = cost * np.where(truth.soft, SOFT_SHARE, 1.0) * np.where(unknown, 0.0, 1.0)
    return fit_linear(table.rows, truth.hard, cost, table.publishers), soft


def fit_labels(table: Table, used: NDArray[np.bool_]) -> dict[str, Linear]:
    """Return a model for every label, each against all other labels."""
    cost = np.where(used & np.isin(table.labels, LABELS) & np.isin(table.kinds, ONCE), _cost(table, SHARE), 0.0)
    chosen = np.flatnonzero(cost)
    rows = folded(table.rows[chosen], LABEL_SLOTS)
    publishers = table.publishers[chosen]
    return {label: fit_linear(rows, table.labels[chosen] == label, cost[chosen], publishers) for label in LABELS}


def fit_all(table: Table, truth: Truth, used: NDArray[np.bool_]) -> dict[str, Linear]:
    """Return all linear models by name, from the units that are `used`."""
    hard, soft = fit_two(table, truth, used)
    return {HARD: hard, SOFT: soft, **fit_labels(table, used)}


@dataclass(frozen=True, slots=True)
class Stacked:
    """The units that the trees are grown on: those of whole documents.

    Attributes:
        units: their numbers in the table.
        rows: their context.
    """

    units: NDArray[np.int64]
    rows: Floats


def stack(table: Table, hard: Floats, soft: Floats) -> Stacked:
    """Return the context of all units of documents, given the log odds of every unit."""
    starts: dict[int, list[int]] = {}
    for unit, (number, _) in enumerate(table.places):
        starts.setdefault(int(number), []).append(unit)
    units: list[int] = []
    rows: list[list[float]] = []
    for number, members in starts.items():
        example = table.examples[number]
        if not TREE_SHARE.get(example.text.kind):
            continue
        odds = [0.0] * len(example.labels), [0.0] * len(example.labels)
        for unit in members:
            at = int(table.places[unit][1])
            odds[0][at], odds[1][at] = float(hard[unit]), float(soft[unit])
        context = example.items.rows(*odds)
        chosen = [unit for unit in members if int(table.places[unit][1]) in context]
        units += chosen
        rows += [context[int(table.places[unit][1])] for unit in chosen]
    return Stacked(np.array(units), np.array(rows, dtype=np.float64))


def grow(table: Table, truth: Truth, stacked: Stacked, soft: Floats, used: NDArray[np.bool_]) -> Forest:
    """Return the trees, from the units that are `used`."""
    cost = np.where(used, _cost(table, TREE_SHARE) * truth.known, 0.0)
    unknown = (table.labels == OTHER) & (soft > SURE)
    cost = (cost * np.where(truth.soft | unknown, SOFT_SHARE, 1.0))[stacked.units]
    monotone = [int(number in MONOTONE) for number in range(stacked.rows.shape[1])]
    return fit_trees(stacked.rows, truth.hard[stacked.units], cost, monotone)


@dataclass(frozen=True, slots=True)
class Trained:
    """A scorer, and for every fold one that has not seen its publishers."""

    scorer: Scorer
    folds: list[Scorer]


def train(examples: Sequence[Example], cutter: Cutter, folds: int) -> Trained:
    """Train a scorer on all examples; its trees stand on log odds of publishers held out."""
    table = table_of(examples)
    truth = truth_of(table)
    fold = np.array([fold_of(publisher, folds) for publisher in table.publishers])
    hard, soft = np.zeros(len(fold)), np.zeros(len(fold))
    fitted = []
    for number in range(folds):
        held = fold == number
        fitted.append(fit_all(table, truth, ~held))
        hard[held] = odds_of(table.rows[held], fitted[-1][HARD])
        soft[held] = odds_of(table.rows[held], fitted[-1][SOFT])
        print(f"  fold {number + 1} of {folds} fitted", file=sys.stderr, flush=True)
    stacked = stack(table, hard, soft)
    held_out = [
        Scorer(cutter, linear, grow(table, truth, stacked, soft, fold != number))
        for number, linear in enumerate(fitted)
    ]
    everything = np.ones(len(fold), dtype=bool)
    linear = fit_all(table, truth, everything)
    return Trained(Scorer(cutter, linear, grow(table, truth, stacked, soft, everything)), held_out)


def write(scorer: Scorer, folder: Path) -> None:
    """Write a scorer's model into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = (linear.weights[: STORED_SLOTS.get(name, LABEL_SLOTS)] for name, linear in scorer.linear.items())
    (folder / WEIGHTS).write_bytes(b"".join(array("b", table).tobytes() for table in tables))
    data = {
        "threshold": scorer.cutter.threshold,
        "signs": dict(scorer.cutter.signs),
        "linear": {name: linear.bias for name, linear in scorer.linear.items()},
        "trees": scorer.trees.trees,
    }
    (folder / REST).write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
