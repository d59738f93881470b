"""Boosted decision trees: their sum for a row of numbers is the log odds of what they were grown to tell.

The trees are data of the models that use them (`strip/model`, `extract/page-model.json`), and are read without any
library.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import getitem
from struct import Struct
from typing import Any

SLOT_FORMATS = {8: "B", 16: "H", 32: "I", 64: "Q"}
"""Bits of a machine's numbers, and how `struct` names them: a tree has no more leaves than the widest has bits."""

MOST_LEAVES = max(SLOT_FORMATS)

DIGITS = 5
"""Leaves are written with as many digits as make a difference."""

LARGEST = 30.0
"""Log odds beyond this are as good as certain."""

Tree = float | list[Any]
"""As a model's file has it: a leaf's value, or [column, threshold, tree at or below it, tree above it]."""


class Forest:
    """The sum of many trees for one row, found for all of them at once (QuickScorer; Lucchese et al., 2015).

    Each tree has a slot in one long number, with a bit for each of its leaves. A condition that does not hold rules
    out the leaves below or at it, and for each column it is known beforehand which leaves any value leaves over. Of
    those that all columns leave over, the first of each tree is where the row ends up. In Python this takes half
    the time of walking down each tree.

    Attributes:
        trees: the trees as a model's file has them.
    """

    def __init__(self, trees: Sequence[Tree]) -> None:
        """Lay out the trees.

        Raises:
            ValueError: a tree has more leaves than a slot has bits.
        """
        self.trees = trees
        self._leaves: list[dict[int, float]] = []
        conditions: dict[int, list[tuple[float, int]]] = {}
        laid_out: list[tuple[list[tuple[int, float, int, int]], list[float]]] = []
        for tree in trees:
            leaves: list[float] = []
            laid_out.append((list(_conditions(tree, leaves)), leaves))
        bits = _slot_bits(max((len(leaves) for _, leaves in laid_out), default=1))
        for slot, (found, leaves) in enumerate(laid_out):
            for column, threshold, start, end in found:
                conditions.setdefault(column, []).append((threshold, _bits(start, end) << bits * slot))
            self._leaves.append({1 << number: value for number, value in enumerate(leaves)})
        self._all = sum(_bits(0, len(leaves)) << bits * slot for slot, leaves in enumerate(self._leaves))
        self._first = sum(1 << bits * slot for slot in range(len(self._leaves)))
        self._slots = Struct(f"<{len(self._leaves)}{SLOT_FORMATS[bits]}")
        self._columns = [(column, *_left_over(self._all, found)) for column, found in sorted(conditions.items())]

    def __reduce__(self) -> tuple[type[Forest], tuple[Sequence[Tree]]]:
        """Return what makes this forest again in another process: its trees."""
        return Forest, (self.trees,)

    def probability(self, row: Sequence[float]) -> float:
        """Return the probability that a row of numbers stands for, one number for each column."""
        left = self._all
        for column, thresholds, masks in self._columns:
            left &= masks[bisect_left(thresholds, row[column])]
        # The lowest bit of each slot: none is empty, so nothing is borrowed from the next.
        first = left & ~(left - self._first)
        slots = self._slots.unpack(first.to_bytes(self._slots.size, "little"))
        odds = sum(map(getitem, self._leaves, slots))
        return 1.0 / (1.0 + math.exp(-max(-LARGEST, min(LARGEST, odds))))


def grown(node: Mapping[str, Any], share: float = 1.0) -> Tree:
    """Return a tree that LightGBM grew as a model's file has it.

    Args:
        node: its root, from the `tree_structure` of a dumped model.
        share: what its leaves are multiplied with: a part, where several ensembles are averaged.
    """
    if "leaf_value" in node:
        return round(float(node["leaf_value"]) * share, DIGITS)
    children = grown(node["left_child"], share), grown(node["right_child"], share)
    return [node["split_feature"], node["threshold"], *children]


def _slot_bits(most: int) -> int:
    """Return the bits of the narrowest slot that has one for each of `most` leaves."""
    if most > MOST_LEAVES:
        raise ValueError(f"a tree has {most} leaves")
    return next(bits for bits in sorted(SLOT_FORMATS) if bits >= most)


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
