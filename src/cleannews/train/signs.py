"""Which words tell that a long paragraph is not plain prose: a linear model whose weights are never below zero.

Weights below zero would ask for every word of every paragraph to be looked up; without them the common words of the
language
cost one failed look-up each, and the sum grows only with words of copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from cleannews.rules import RuleSet
from cleannews.strip.evidence import Scan
from cleannews.strip.fold import fold
from cleannews.strip.segment import Sentence
from cleannews.strip.signs import words_of
from cleannews.strip.units import QUIET_LENGTH, Cutter, ends_like_a_sentence
from cleannews.train.data import COVERED, Text

SOFT = frozenset({"credit", "caption", "meta", "unsure"})
"""Gold labels that say nothing about copy."""

NO_RULES = RuleSet([])

MIN_PUBLISHERS = 3
"""A word must be met with so many publishers: others are names."""

PENALTY = 3.0
"""L1 penalty on the weights, in units of one mistake's cost."""

LOOKED_AT = 0.05
"""Share of the sentences of plain prose that may be taken for more, and cost a closer look."""


def learn_signs(texts: Iterable[Text]) -> Cutter:
    """Return the cutter learnt from marked texts."""
    bags, marks = _bags(texts)
    publishers: dict[str, set[str]] = {}
    for bag, publisher in bags:
        for word in bag:
            publishers.setdefault(word, set()).add(publisher)
    counts = Counter(word for bag, _ in bags for word in bag)
    words = sorted(w for w, who in publishers.items() if len(who) >= MIN_PUBLISHERS and counts[w] >= 3)
    column = {word: index for index, word in enumerate(words)}
    indices = [[column[word] for word in bag if word in column] for bag, _ in bags]
    flat = np.array([i for row in indices for i in row], dtype=np.int32)
    starts = np.cumsum([0, *map(len, indices)])
    matrix = csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(bags), len(words)))
    target = np.array(marks, dtype=float)
    weights, bias = _fitted(matrix, target)
    sums = matrix @ weights
    threshold = float(np.quantile(sums[target == 0], 1 - LOOKED_AT))
    kept = {word: round(float(weight), 2) for word, weight in zip(words, weights, strict=True) if weight >= 0.05}
    print(
        f"signs: {len(kept)} words, threshold {threshold:.2f}, "
        f"{len(target)} parts, {int(target.sum())} of copy, "
        f"copy taken for plain prose {float((sums[target == 1] < threshold).mean()):.3f}, bias {bias:.2f}"
    )
    return Cutter(kept, max(0.05, round(threshold, 2)))


def _fitted(matrix: csr_matrix, target: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights, none below zero, and bias of a logistic regression."""
    balance = np.where(target == 1, (target == 0).sum() / max(1, (target == 1).sum()) / 4, 1.0)

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        z = matrix @ x[:-1] + x[-1]
        p = 1 / (1 + np.exp(-z))
        error = (p - target) * balance
        value = float((balance * np.logaddexp(0, np.where(target == 1, -z, z))).sum() + PENALTY * x[:-1].sum())
        return value, np.append(matrix.T @ error + PENALTY, error.sum())

    size = matrix.shape[1]
    start = np.zeros(size + 1)
    bounds = [(0, None)] * size + [(None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 150})
    return found.x[:-1], float(found.x[-1])


def _bags(texts: Iterable[Text]) -> tuple[list[tuple[list[str], str]], list[int]]:
    """Return the words of every part that looks like plain prose, with its publisher, and whether it is copy."""
    bags: list[tuple[list[str], str]] = []
    marks: list[int] = []
    for text in texts:
        scan = Scan(fold(text.text), NO_RULES)
        for block in scan.blocks:
            for part in scan.sentences(block):
                mark = _mark(text, scan, part)
                if mark is not None:
                    bags.append((words_of(scan.lowered[part.start : part.end]), text.publisher))
                    marks.append(mark)
    return bags, marks


def _mark(text: Text, scan: Scan, part: Sentence) -> int | None:
    """Return whether a sentence is copy; None if it says nothing: too short, soft, or outside what is marked."""
    low, high = scan.folded.source_start(part.start), scan.folded.source_end(part.end)
    if part.end - part.start < QUIET_LENGTH or not ends_like_a_sentence(scan.text, part.end):
        return None
    if text.inner and not text.inner[0] <= low < text.inner[1]:
        return None
    shares = [(max(0, min(high, end) - max(low, start)), name) for start, end, name in text.spans]
    if any(shared for shared, name in shares if name in SOFT):
        return None
    return int(sum(shared for shared, _ in shares) > COVERED * (high - low))
