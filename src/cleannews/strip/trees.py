"""Boosted decision trees, as they are stored and run; they are grown by `python -m cleannews.train`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree in flat form.

    Attributes:
        features: for every inner node the number of the feature it asks about.
        limits: for every inner node the value up to which it goes left.
        left: for every inner node the node to its left; below zero it is a leaf, `~number`.
        right: the same to its right.
        values: what each leaf adds to the log odds.
    """

    features: tuple[int, ...]
    limits: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    values: tuple[float, ...]

    def value(self, row: Sequence[float]) -> float:
        """Return what the tree adds for a row of features."""
        features, limits, left, right = self.features, self.limits, self.left, self.right
        node = 0
        while node >= 0:
            node = left[node] if row[features[node]] <= limits[node] else right[node]
        return self.values[~node]


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees: their sum is the log odds."""

    trees: tuple[Tree, ...]

    def probability(self, row: Sequence[float]) -> float:
        """Return the probability that a row of features stands for."""
        total = 0.0
        for tree in self.trees:
            total += tree.value(row)
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def read_trees(data: Sequence[Sequence[Any]]) -> Trees:
    """Return the trees that a model's file holds: five lists for each."""
    return Trees(tuple(Tree(*(tuple(part) for part in tree)) for tree in data))
