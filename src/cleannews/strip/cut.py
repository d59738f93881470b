"""Cutting: the white space that goes along with a cut, and several rounds of cuts on one source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


def widened(source: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted, separate `spans` with the white space that must go along with each.

    A whole paragraph takes its line break along, a cut inside a paragraph leaves one space. At the edges of the text nothing is
    left over but the line break that ends the file. Spans with only white space between them are one gap.
    """
    result: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    for span in spans:
        if group and source[group[-1][1] : span[0]].strip():
            result += _widened_group(source, group)
            group = []
        group.append(span)
    return result + _widened_group(source, group) if group else result


def _widened_group(source: str, group: list[tuple[int, int]]) -> list[tuple[int, int]]:
    start, end = _gap(source, group[0][0], group[-1][1])
    starts = [start, *(span[0] for span in group[1:])]
    return list(zip(starts, [*starts[1:], end], strict=True))


def _gap(source: str, start: int, end: int) -> tuple[int, int]:
    low, high = start, end
    while low > 0 and source[low - 1].isspace():
        low -= 1
    while high < len(source) and source[high].isspace():
        high += 1
    if low == 0:
        return 0, high
    if high == len(source):
        return low, end
    before, after = _breaks(source[low:start]), _breaks(source[end:high])
    if before or after:
        return (start, high) if before >= after else (low, end)
    if low < start:
        return low + 1, high
    return low, max(end, high - 1)


def _breaks(space: str) -> int:
    return sum(space.count(mark) for mark in _BREAKS)


def spliced(source: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `source` without the sorted, separate `spans`."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        pieces.append(source[last:start])
        last = end
    pieces.append(source[last:])
    return "".join(pieces)


def kept_stretches(length: int, spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return where the stretches that the cuts `spans` leave begin in what is left, and how far each was moved."""
    offsets: list[int] = []
    shifts: list[int] = []
    last = gone = 0
    for start, end in [*spans, (length, length)]:
        if start > last:
            offsets.append(last - gone)
            shifts.append(gone)
        gone += end - start
        last = end
    return offsets, shifts
