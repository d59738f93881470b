"""The learned part: how likely a block is the article's own, from the numbers that describe it.

Boosted decision trees, kept as data in `page-model.json` and read without any library.
`cleannews.extract.training` makes the file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "page-model.json"
# Of trafilatura's opinion: whether the block, what is near it, the last before and the next after are in its text.
OPINION_NAMES = ("agrees", "agrees_near", "agrees_before", "agrees_after")

# Trees are boosted: each corrects those before it, by less and less. When their sum is as far from zero as this
# (98 % sure), the rest would not turn it, and most blocks are there soon.
DECIDED = 4.0
TREES_BETWEEN_LOOKS = 20

# A tree is a leaf's value, or (column, threshold, tree at or below it, tree above it).
Tree = float | tuple[int, float, Any, Any]


@dataclass(frozen=True, slots=True)
class Model:
    """Two ensembles of trees: one on the page alone, one that also knows what trafilatura took.

    Attributes:
        alone: the trees on the page's numbers.
        advised: the trees on those and the numbers of `OPINION_NAMES`.
    """

    alone: tuple[Tree, ...]
    advised: tuple[Tree, ...]


@cache
def load_model() -> Model:
    """Return the model that comes with the package."""
    data = json.loads((files("cleannews.extract") / FILE).read_text(encoding="utf-8"))
    return Model(*(tuple(map(_tree, data[name])) for name in ("alone", "advised")))


def _tree(data: object) -> Tree:
    if isinstance(data, list):
        return (int(data[0]), float(data[1]), _tree(data[2]), _tree(data[3]))
    assert isinstance(data, int | float)
    return float(data)


def probability(trees: Sequence[Tree], row: Sequence[float]) -> float:
    """Return how likely the block with these numbers is the article's own."""
    total = 0.0
    for start in range(0, len(trees), TREES_BETWEEN_LOOKS):
        for tree in trees[start : start + TREES_BETWEEN_LOOKS]:
            node: Any = tree
            while type(node) is tuple:  # in the innermost loop, half the time of isinstance
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
        if abs(total) > DECIDED:
            break
    return 1.0 / (1.0 + math.exp(-total))
