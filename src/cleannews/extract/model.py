"""The learned part: how likely a block is the article's own, from the numbers that describe it.

Boosted decision trees, kept as data in `page-model.json` and read without any library.
`cleannews.extract.training` makes the file.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import getitem
from struct import Struct
from typing import Any

FILE = "page-model.json"
# Of trafilatura's opinion: whether the block, what is near it, the last before and the next after are in its text.
OPINION_NAMES = ("agrees", "agrees_near", "agrees_before", "agrees_after")

# A tree has so many leaves at most: as many bits as there are in a machine's short number.
SLOT_BITS, SLOT_FORMAT = 16, "H"

# As the model's file has it: a leaf's value, or [column, threshold, tree at or below it, tree above it].
Tree = float | list[Any]


class Forest:
    """The sum of many trees for one row, found for all of them at once (QuickScorer; Lucchese et al., 2015).

    Each tree has a slot in one long number, with a bit for each of its leaves. A condition that does not hold rules
    out the leaves below or at it, and for each column it is known beforehand which leaves any value leaves over. Of
    those that all columns leave over, the first of each tree is where the row ends up. In Python this takes half
    the time of walking down each tree.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        """Lay out the trees.

        Raises:
            ValueError: a tree has more leaves than a slot has bits.
        """
        self._leaves: list[dict[int, float]] = []
        conditions: dict[int, list[tuple[float, int]]] = {}
        for tree in trees:
            leaves: list[float] = []
            shift = SLOT_BITS * len(self._leaves)
            for column, threshold, start, end in _conditions(tree, leaves):
                conditions.setdefault(column, []).append((threshold, _bits(start, end) << shift))
            if len(leaves) > SLOT_BITS:
                raise ValueError(f"a tree has {len(leaves)} leaves")
            self._leaves.append({1 << number: value for number, value in enumerate(leaves)})
        self._all = sum(_bits(0, len(leaves)) << SLOT_BITS * slot for slot, leaves in enumerate(self._leaves))
        self._first = sum(1 << SLOT_BITS * slot for slot in range(len(self._leaves)))
        self._slots = Struct(f"<{len(self._leaves)}{SLOT_FORMAT}")
        self._columns = [(column, *_left_over(self._all, found)) for column, found in sorted(conditions.items())]

    def probability(self, row: Sequence[float]) -> float:
        """Return how likely the block with these numbers is the article's own."""
        left = self._all
        for column, thresholds, masks in self._columns:
            left &= masks[bisect_left(thresholds, row[column])]
        # The lowest bit of each slot: none is empty, so nothing is borrowed from the next.
        first = left & ~(left - self._first)
        slots = self._slots.unpack(first.to_bytes(self._slots.size, "little"))
        return 1.0 / (1.0 + math.exp(-sum(map(getitem, self._leaves, slots))))


def _conditions(tree: Tree, leaves: list[float]) -> Iterator[tuple[int, float, int, int]]:
    """Yield each condition and the leaves that it rules out where it does not hold; collect the leaves' values."""
    if not isinstance(tree, list):
        leaves.append(float(tree))
        return
    column, threshold, below, above = tree
    start = len(leaves)
    yield from _conditions(below, leaves)
    yield int(column), float(threshold), start, len(leaves)
    yield from _conditions(above, leaves)


def _bits(start: int, end: int) -> int:
    return (1 << end) - (1 << start)


def _left_over(leaves: int, conditions: list[tuple[float, int]]) -> tuple[list[float], list[int]]:
    """Return the thresholds of a column in order, and the leaves left over by a value up to each, and above all."""
    thresholds: list[float] = []
    masks = [leaves]
    for threshold, ruled_out in sorted(conditions):
        leaves &= ~ruled_out
        if thresholds and thresholds[-1] == threshold:
            masks[-1] = leaves
        else:
            thresholds.append(threshold)
            masks.append(leaves)
    return thresholds, masks


@dataclass(frozen=True, slots=True)
class Model:
    """Two ensembles of trees: one on the page alone, one that also knows what trafilatura took.

    Attributes:
        alone: the trees on the page's numbers.
        advised: the trees on those and the numbers of `OPINION_NAMES`.
    """

    alone: Forest
    advised: Forest


@cache
def load_model() -> Model:
    """Return the model that comes with the package."""
    data = json.loads((files("cleannews.extract") / FILE).read_text(encoding="utf-8"))
    return Model(Forest(data["alone"]), Forest(data["advised"]))
