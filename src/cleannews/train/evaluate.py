"""Measuring on publishers held out: every document is cleaned under a model that has not seen its publisher."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cleannews.document import Removal
from cleannews.train.signs import SOFT

_WORD = re.compile(r"\w+")

Clean = Callable[[str], Iterable[Removal]]
"""Takes a text, gives what is removed from it."""


@dataclass(slots=True)
class Counts:
    """Words counted over some documents."""

    removed_boilerplate: int = 0
    boilerplate: int = 0
    removed_article: int = 0
    article: int = 0
    perfect: int = 0
    documents: int = 0

    @property
    def recall(self) -> float:
        """Share of the boilerplate words that were removed."""
        return self.removed_boilerplate / max(1, self.boilerplate)

    @property
    def loss(self) -> float:
        """Share of the article's words that were removed."""
        return self.removed_article / max(1, self.article)

    def add(self, record: dict[str, Any], removals: Iterable[Removal]) -> None:
        """Count one gold document and what was removed from it."""
        gone = [(removal.start, removal.end) for removal in removals]
        lost = missed = 0
        for match in _WORD.finditer(record["text"]):
            label = _label_at(record["spans"], match.start(), match.end())
            removed = any(start <= match.start() < end for start, end in gone)
            if label is None:
                self.article += 1
                lost += removed
            elif label not in SOFT:
                self.boilerplate += 1
                self.removed_boilerplate += removed
                missed += not removed
        self.removed_article += lost
        self.documents += 1
        self.perfect += not lost and not missed

    def __str__(self) -> str:
        """Return the figures as one line."""
        perfect = self.perfect / max(1, self.documents)
        return f"{self.documents:5} documents  recall {self.recall:.4f}  loss {self.loss:.5f}  perfect {perfect:.3f}"


def _label_at(spans: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    found = None
    for low, high, label in spans:
        if start < high and end > low:
            found = label
    return found


def by_group(
    records: Iterable[dict[str, Any]], clean: Callable[[dict[str, Any]], Iterable[Removal]]
) -> dict[str, Counts]:
    """Return the counts of all documents and of every group of them."""
    counts: dict[str, Counts] = {"all": Counts()}
    for record in records:
        removals = list(clean(record))
        counts["all"].add(record, removals)
        counts.setdefault(record["group"], Counts()).add(record, removals)
    return counts
