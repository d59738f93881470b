"""Boosted decision trees, as they are stored and run; they are grown by `python -m cleannews.train`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, inf, log
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
    """Boosted trees: their sum is the log odds.

    Attributes:
        trees: the trees, in the order in which they were grown.
        hopes: for every tree the most that it and those behind it can add.
    """

    trees: tuple[Tree, ...]
    hopes: tuple[float, ...]

    def probability(self, row: Sequence[float], least: float = 0.0) -> float:
        """Return the probability that a row of features stands for; 0 as soon as it cannot reach `least`."""
        floor = log(least / (1.0 - least)) if least else -inf
        total = 0.0
        for tree, hope in zip(self.trees, self.hopes, strict=True):
            if total + hope < floor:
                return 0.0
            total += tree.value(row)
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, total))))


def forest(trees: Iterable[Tree]) -> Trees:
    """Return trees ready to be asked."""
    trees = tuple(trees)
    hopes = list(accumulate(max(tree.values) for tree in reversed(trees)))[::-1]
    return Trees(trees, tuple(hopes))


def read_trees(data: Sequence[Sequence[Any]]) -> Trees:
    """Return the trees that a model's file holds: five lists for each."""
    return forest(Tree(*(tuple(part) for part in tree)) for tree in data)
