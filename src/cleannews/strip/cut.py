"""Cutting: the white space that goes along with a cut, and several rounds of cuts on one source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleannews.strip.fold import INVISIBLE

_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"


def widened(source: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted, separate `spans` with the white space that must go along with each.

    A whole paragraph takes its line break along, a cut inside a paragraph leaves one space. At the edges of the text
    nothing is left over but the line break that ends the file. Spans with only white space between them are one gap.
    Invisible characters that touch a span belong to it.
    """
    result: list[tuple[int, int]] = []
    group: list[tuple[int, int]] = []
    last = 0
    for index, span in enumerate(spans):
        start, end = _trimmed(source, *span)
        following = spans[index + 1][0] if index + 1 < len(spans) else len(source)
        while start > last and source[start - 1] in INVISIBLE:
            start -= 1
        while end < following and source[end] in INVISIBLE:
            end += 1
        if group and source[last:start].strip():
            result += _widened_group(source, group)
            group = []
        group.append((start, end))
        last = end
    return result + _widened_group(source, group) if group else result


def _trimmed(source: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its edges, which is for the gap to share out."""
    while end - start > 1 and source[end - 1].isspace():
        end -= 1
    while end - start > 1 and source[start].isspace():
        start += 1
    return start, end


def _widened_group(source: str, group: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of one gap, widened until only the white space that is to stay is left of it."""
    low, high = group[0][0], group[-1][1]
    while low > 0 and source[low - 1].isspace():
        low -= 1
    while high < len(source) and source[high].isspace():
        high += 1
    start, end = _gap(source, (low, group[0][0]), (group[-1][1], high))
    starts = [start, *(span[0] for span in group[1:])]
    ends = [*starts[1:], end]
    if low > 0 and high < len(source) and not _breaks(source[low : group[0][0]] + source[group[-1][1] : high]):
        inner = [index for index, (_, after) in enumerate(group[:-1]) if _breaks(source[after : starts[index + 1]])]
        if inner:
            starts[0], ends[-1], ends[inner[0]] = low, high, group[inner[0]][1]
    return list(zip(starts, ends, strict=True))


def _gap(source: str, before: tuple[int, int], after: tuple[int, int]) -> tuple[int, int]:
    """Return where a cut begins in the white space `before` it and ends in that `after` it.

    Between paragraphs the larger of two line breaks stays, and what follows keeps its indent.
    """
    low, high = before[0], after[1]
    if low == 0:
        return low, high
    if high == len(source):
        return low, after[0]
    head, tail = source[slice(*before)], source[slice(*after)]
    if not _breaks(head + tail):
        return (low + 1, high) if head else (low, max(after[0], high - 1))
    if not _breaks(tail):
        return before[1], high
    if _breaks(head) >= _breaks(tail):
        return low + _last_break(head), after[0] + _last_break(tail)
    return low, after[0] + next(index for index, mark in enumerate(tail) if mark in _BREAKS)


def _last_break(space: str) -> int:
    """Return the offset after the last line break in white space."""
    return max(space.rfind(mark) for mark in _BREAKS) + 1


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
