"""Context: what stands around a unit, in numbers, for the boosted trees.

Boilerplate comes in runs. Besides a unit's own log odds these features tell how long the run is that it lies in, how
sure its
neighbours are, what the rules say of them, and where in the document it all stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from cleannews.strip.features import View
from cleannews.strip.units import Unit

OUTSIDE = -9.0
"""Log odds of what is not there."""

PROSE = -8.0
"""Log odds of plain prose, and the least of any unit."""

ENDINGS = ".~a9-!?:;,|>…\"')"
"""Kinds of last characters, numbered."""

VERDICTS = {"": 0, "w": 1, "s": -1, "r": 2, "l": 3}
"""What the rules say, numbered."""

_CAPITALS = {"none": 5, "all": 6}
_REACH = 5


def context_rows(
    units: Sequence[Unit | None],
    views: Sequence[View | None],
    hard: Sequence[float],
    soft: Sequence[float],
    wanted: Iterable[int],
) -> Iterator[list[float]]:
    """Yield one row of numbers for every unit that is wanted.

    Args:
        units: the sequence of a text.
        views: how its units look.
        hard: log odds of each being boilerplate.
        soft: log odds of each being a credit, caption or meta line.
        wanted: numbers of units of the sequence.
    """
    count = len(units)
    quiet = [view is None for view in views]
    odds = [PROSE if view is None else max(PROSE, min(-PROSE, value)) for view, value in zip(views, hard, strict=True)]
    words = [0 if view is None else view.words for view in views]
    verdicts = [0 if view is None else VERDICTS[view.verdict] for view in views]
    capitals = [-1 if view is None else _capitals(view) for view in views]
    ruled = [verdict == 2 for verdict in verdicts]
    hot = [value > 0 for value in odds]
    hot_runs = _runs(hot)
    quiet_runs = _runs(quiet)
    bare_runs = _runs([view is not None and view.ending not in ".!?" for view in views])
    stretches: dict[tuple[int, int], list[float]] = {}
    prose = list(accumulate(quiet, initial=0))
    rules = list(accumulate(ruled, initial=0))
    best_before = list(accumulate(odds, max, initial=OUTSIDE))
    best_after = list(accumulate(reversed(odds), max, initial=OUTSIDE))[::-1]
    document = [prose[-1], count - prose[-1], sum(words), sum(hot) / max(1, count), rules[-1]]
    for at in wanted:
        unit, view = units[at], views[at]
        assert unit is not None
        assert view is not None
        near = odds[max(0, at - _REACH) : at + _REACH + 1]
        row: list[float] = [
            odds[at],
            soft[at],
            *_around(odds, at, (-3, -2, -1, 1, 2, 3), OUTSIDE),
            *_around(words, at, (-2, -1, 1, 2), -1),
            *_around(quiet, at, (-2, -1, 1, 2), 2),
            *_around(verdicts, at, (-1, 1), -2),
            *_around(soft, at, (-1, 1), OUTSIDE),
            sum(near) / len(near),
            *document,
            prose[at],
            prose[-1] - prose[at],
            at / count,
            rules[at],
            rules[-1] - rules[at + 1],
            best_before[at],
            best_after[at + 1],
            words[at],
            view.length,
            ENDINGS.find(view.ending),
            capitals[at],
            verdicts[at],
            unit.number,
            unit.pieces,
            unit.pieces - 1 - unit.number,
        ]
        for start, end in (hot_runs[at], quiet_runs[at], bare_runs[at]):
            if (start, end) not in stretches:
                stretches[start, end] = _stretch((start, end), odds, words, verdicts, capitals)
            row += [*stretches[start, end], at - start, end - 1 - at]
        yield row


def _capitals(view: View) -> int:
    return _CAPITALS[view.capitals] if view.capitals in _CAPITALS else int(view.capitals)


def _around(values: Sequence[float], at: int, steps: Sequence[int], outside: float) -> list[float]:
    return [values[at + step] if 0 <= at + step < len(values) else outside for step in steps]


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return for every item the start and end of the run of equal flags that it lies in."""
    result: list[tuple[int, int]] = []
    start = 0
    for index in range(1, len(flags) + 1):
        if index == len(flags) or flags[index] != flags[start]:
            result += [(start, index)] * (index - start)
            start = index
    return result


def _stretch(
    bounds: tuple[int, int],
    odds: Sequence[float],
    words: Sequence[int],
    verdicts: Sequence[int],
    capitals: Sequence[int],
) -> list[float]:
    """Return what a stretch of units has in common."""
    start, end = bounds
    inside, found, sizes = odds[start:end], verdicts[start:end], words[start:end]
    length = end - start
    return [
        length,
        sum(sizes),
        _spread(sizes),
        sum(inside) / length,
        min(inside),
        max(inside),
        max(found),
        sum([verdict > 0 for verdict in found]),
        sum([verdict == 2 for verdict in found]) / length,
        _spread(capitals[start:end]),
    ]


def _spread(values: Sequence[int]) -> float:
    """Return the mean distance from the mean."""
    mean = sum(values) / len(values)
    return sum([abs(value - mean) for value in values]) / len(values)
