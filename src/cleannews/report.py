"""What was taken out of an article, to look at: explain and diff. Reads an Article, changes nothing.

Everything here ends up on terminals, so nothing that could command one is let through: see `visible`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cleannews.document import Article, Label, Removal

if TYPE_CHECKING:
    from rich.style import Style

STYLES = {
    Label.APPEAL: "bold red",
    Label.PAYWALL: "bold magenta",
    Label.NEWSLETTER: "magenta",
    Label.PROMO: "yellow",
    Label.SOCIAL: "blue",
    Label.RELATED: "cyan",
    Label.AD: "bold yellow",
    Label.INTERFACE: "bright_black",
    Label.LEGAL: "green",
    Label.CREDIT: "bold green",
    Label.CAPTION: "bold cyan",
    Label.META: "bold blue",
}
"""How each label looks on a terminal. Colours of the sixteen that every user may have chosen for themselves."""

DIFF_STYLES = {"-": "red", "+": "green", "@": "cyan"}
"""How a line of a diff looks on a terminal, by its first character."""

CONTEXT_LINES = 3
"""Unchanged lines shown on either side of a change, as diff and git do."""

_CONTROL = re.compile(r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What can move a cursor, ring a bell or start an escape sequence; the line ends \\n and \\r\\n cannot."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FIRST_PICTURE = 0x2400
_DELETE, _DELETE_PICTURE = "\x7f", "\u2421"


def visible(text: str) -> str:
    """Return `text` with control characters as something to see: ESC as ␛, and so on. Tabs and line ends stay."""
    return _CONTROL.sub(_shown_control, text)


def visible_line(text: str) -> str:
    """Return `text` for a message or a heading: as `visible`, and on one line."""
    return re.sub(r"[\t\r\n]", _shown_control, visible(text))


def _shown_control(match: re.Match[str]) -> str:
    character = match[0]
    if character < " ":
        return chr(_FIRST_PICTURE + ord(character))
    return _DELETE_PICTURE if character == _DELETE else f"\\x{ord(character):02x}"


def explain(article: Article, *, color: bool = False) -> str:
    """Return the source with every removal marked, its label and rule beside it, and a last line that counts them.

    Without colour a removal reads `⟦label rule-id: text⟧`, and in a page `⟦label rule-id in element: text⟧`.
    """
    mark = _coloured if color else _bracketed
    parts = []
    position = 0
    for removal in article.removals:
        parts += [visible(article.source[position : removal.start]), mark(removal)]
        position = removal.end
    parts.append(visible(article.source[position:]))
    body = "".join(parts)
    line_end = "" if not body or body.endswith("\n") else "\n"
    return f"{body}{line_end}{_summary(article)}\n"


def _summary(article: Article) -> str:
    if not article.removals:
        return "-- nothing removed"
    counts = Counter(removal.label for removal in article.removals)
    each = ", ".join(f"{label} {counts[label]}" for label in Label if label in counts)
    taken = sum(removal.end - removal.start for removal in article.removals)
    return f"-- removed {len(article.removals)} ({taken:,} of {len(article.source):,} characters): {each}"


def _bracketed(removal: Removal) -> str:
    before, text, after = _without_edges(visible(removal.text))
    return f"{before}⟦{_verdict(removal)}: {text}⟧{after}"


def _coloured(removal: Removal) -> str:
    before, text, after = _without_edges(visible(removal.text))
    style = STYLES[removal.label]
    beside = f"[{_verdict(removal)}]"
    return f"{before}{_painted(text, style)} {_painted(beside, f'{style} reverse')}{after}"


def _verdict(removal: Removal) -> str:
    """Return what a removal was taken for, by which rule, and where in the page it was."""
    place = f" in {visible_line(removal.element)}" if removal.element else ""
    return f"{removal.label} {removal.rule}{place}"


def _without_edges(text: str) -> tuple[str, str, str]:
    """Return the white space before, the text, and the white space after: marks are put next to words."""
    core = text.strip()
    if not core:
        return "", text, ""
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def diff(article: Article, name: str, *, color: bool = False) -> str:
    """Return a unified diff from the source to the clean text; empty if nothing was removed.

    It is made from the removals, not by comparing: its time does not depend on how alike the lines are.
    """
    changes = list(_changes(article))
    if not changes:
        return ""
    shown = visible_line(name)
    lines = [f"--- {shown}\n", f"+++ {shown}\n", *_hunk_lines(_lines(article.source), changes)]
    body = "".join(_diff_line(line, color=color) for line in lines[2:])
    return "".join(lines[:2]) + body


@dataclass(frozen=True, slots=True)
class _Change:
    """Lines `start` to `end` (exclusive) of the source become the lines `new`."""

    start: int
    end: int
    new: tuple[str, ...]


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)


def _changes(article: Article) -> Iterator[_Change]:
    """Yield the changes, in order, without the lines at their edges that stay the same."""
    source = article.source
    old = _lines(source)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    for group in _groups(article.removals, starts):
        first = bisect_right(starts, group[0].start) - 1
        last = _line_after(group[-1], starts)
        new = _lines(_without(source[starts[first] : starts[last]], group, starts[first]))
        yield _trimmed(old, first, last, new)


def _line_after(removal: Removal, starts: Sequence[int]) -> int:
    """Return the first line behind all that a removal touches: what it joins to another line is touched, too."""
    line = bisect_right(starts, removal.end) - 1
    whole_lines = starts[line] == removal.end and starts[bisect_right(starts, removal.start) - 1] == removal.start
    return line if whole_lines else min(line + 1, len(starts) - 1)


def _groups(removals: Iterable[Removal], starts: Sequence[int]) -> Iterator[list[Removal]]:
    """Yield removals that touch the same line together."""
    group: list[Removal] = []
    for removal in removals:
        first = bisect_right(starts, removal.start) - 1
        if group and first >= _line_after(group[-1], starts):
            yield group
            group = []
        group.append(removal)
    if group:
        yield group


def _without(text: str, removals: Iterable[Removal], offset: int) -> str:
    parts = []
    position = 0
    for removal in removals:
        parts.append(text[position : removal.start - offset])
        position = removal.end - offset
    return "".join(parts) + text[position:]


def _trimmed(old: Sequence[str], first: int, last: int, new: Sequence[str]) -> _Change:
    low, high = 0, len(new)
    while low < high and first < last and old[first] == new[low]:
        first, low = first + 1, low + 1
    while high > low and last > first and old[last - 1] == new[high - 1]:
        last, high = last - 1, high - 1
    return _Change(first, last, tuple(new[low:high]))


def _hunk_lines(old: Sequence[str], changes: Sequence[_Change]) -> Iterator[str]:
    """Yield the lines of all hunks, with their signs."""
    shift = 0
    for hunk in _hunks(changes):
        start = max(0, hunk[0].start - CONTEXT_LINES)
        end = min(len(old), hunk[-1].end + CONTEXT_LINES)
        growth = sum(len(change.new) - (change.end - change.start) for change in hunk)
        size = end - start
        yield f"@@ -{_range(start, size)} +{_range(start + shift, size + growth)} @@\n"
        position = start
        for change in hunk:
            yield from (f" {line}" for line in old[position : change.start])
            yield from (f"-{line}" for line in old[change.start : change.end])
            yield from (f"+{line}" for line in change.new)
            position = change.end
        yield from (f" {line}" for line in old[position:end])
        shift += growth


def _hunks(changes: Sequence[_Change]) -> Iterator[list[_Change]]:
    """Yield changes whose context would meet together."""
    hunk = [changes[0]]
    for change in changes[1:]:
        if change.start - hunk[-1].end > 2 * CONTEXT_LINES:
            yield hunk
            hunk = []
        hunk.append(change)
    yield hunk


def _range(start: int, size: int) -> str:
    """Return a line range as diff writes it: from 1, without the size if that is 1, and before the line if it is 0."""
    first = start + 1 if size else start
    return f"{first}" if size == 1 else f"{first},{size}"


def _diff_line(line: str, *, color: bool) -> str:
    body = visible(line).removesuffix("\n")
    style = DIFF_STYLES.get(line[0]) if color else None
    shown = _painted(body, style) if style else body
    return f"{shown}\n" if line.endswith("\n") else f"{shown}\n\\ No newline at end of file\n"


def _painted(text: str, style: str) -> str:
    """Return `text` in a style. Each line by itself, as pagers forget colours at a line's end."""
    from rich.color import ColorSystem  # noqa: PLC0415

    paint = _style(style).render
    return "\n".join(paint(line, color_system=ColorSystem.STANDARD) for line in text.split("\n"))


@cache
def _style(definition: str) -> Style:
    from rich.style import Style  # noqa: PLC0415

    return Style.parse(definition)
