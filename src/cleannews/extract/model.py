"""The learned part: how likely a block is the article's own, from the numbers that describe it.

Boosted decision trees, kept as data in `page-model.json` and read without any library.
`cleannews.extract.training` makes the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleannews.forest import Forest

FILE = "page-model.json"
# Of trafilatura's opinion: whether the block, what is near it, the last before and the next after are in its text.
OPINION_NAMES = ("agrees", "agrees_near", "agrees_before", "agrees_after")


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
