"""How a page sets the blocks of its article: headings, lists, quotations, and what is bold or a link inside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleannews.document import Markup, MarkupKind
from cleannews.extract.blocks import CODE, EMPHASIS, STRONG, Container, Run, printed
from cleannews.extract.line import Line

HEADING_LEVELS = {f"h{level}": str(level) for level in range(1, 7)}
MARK_KINDS = ((STRONG, MarkupKind.STRONG), (EMPHASIS, MarkupKind.EMPHASIS), (CODE, MarkupKind.CODE))
# What has more blocks inside is no item of a list but a part of the page, such as the posts of a running report.
MAX_ITEM_BLOCKS = 6


def markup_of(lines: Iterable[Line]) -> tuple[Markup, ...]:
    """Return how the page sets these lines, in offsets of the text that they are in."""
    spans = _Spans()
    inline: list[Markup] = []
    for line in lines:
        tag = line.block.container.tag
        if tag in HEADING_LEVELS:
            inline.append(Markup(line.start, line.end, MarkupKind.HEADING, HEADING_LEVELS[tag]))
        elif tag == "tr":
            inline.append(Markup(line.start, line.end, MarkupKind.ROW))
        elif tag == "pre":
            inline.append(Markup(line.start, line.end, MarkupKind.PREFORMATTED))
        spans.extend(line)
        if tag != "pre":
            inline += _inline(line)
    return (*spans.markup(), *inline)


class _Spans:
    """The lists, items and quotations around the blocks, each from its first block to its last."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, MarkupKind], list[int]] = {}

    def extend(self, line: Line) -> None:
        """Let what is around a block reach to its end."""
        for container, kind in _around(line.block.container):
            span = self._found.setdefault((id(container), kind), [line.start, line.end])
            span[1] = line.end

    def markup(self) -> Iterator[Markup]:
        """Yield what was found."""
        for (_, kind), (start, end) in self._found.items():
            yield Markup(start, end, kind)


def _around(container: Container) -> Iterator[tuple[Container, MarkupKind]]:
    """Yield the quotation around a block, and its items with their lists, as far as they are inside the quotation."""
    for outer in container.around():
        if outer.tag == "blockquote":
            yield outer, MarkupKind.QUOTE
            return
        if outer.tag == "li" and outer.blocks <= MAX_ITEM_BLOCKS and outer.parent:
            yield outer, MarkupKind.ITEM
            yield outer.parent, MarkupKind.NUMBERED_LIST if outer.parent.tag == "ol" else MarkupKind.LIST


def _inline(line: Line) -> Iterator[Markup]:
    """Yield what is bold, emphasised, code or a link in a block."""
    runs = line.block.runs
    if not any(run.mark or run.link for run in runs):
        return
    texts = _texts(runs)
    if "".join(texts) != line.block.text:
        # A letter and its accent are set differently: what is where cannot be said.
        return
    starts = [line.start]
    for text in texts:
        starts.append(starts[-1] + len(text))
    for mark, kind in MARK_KINDS:
        if any(run.mark & mark for run in runs):
            yield from _stretches([bool(run.mark & mark) for run in runs], starts, kind)
    if any(run.link for run in runs):
        yield from _stretches([run.link or "" for run in runs], starts, MarkupKind.LINK)


def _stretches(values: Sequence[bool | str], starts: Sequence[int], kind: MarkupKind) -> Iterator[Markup]:
    """Yield the stretches of neighbouring runs that have the same value, where they have one."""
    number = 0
    for value, group in groupby(values):
        size = len(list(group))
        start, end = starts[number], starts[number + size]
        if value and start < end:
            yield Markup(start, end, kind, value if isinstance(value, str) else "")
        number += size


def _texts(runs: Sequence[Run]) -> list[str]:
    """Return the texts of runs as the block has them, with white space closed up."""
    texts: list[str] = []
    is_open = False  # whether a space may follow what was read so far
    for run in runs:
        text = printed(run.text)
        closed = " ".join(text.split())
        before = " " if is_open and text[:1].isspace() else ""
        after = " " if closed and text[-1:].isspace() else ""
        if not closed and not before:
            texts.append("")
            continue
        texts.append(before + closed + after)
        is_open = not texts[-1].endswith(" ")
    if texts:
        last = max((number for number, text in enumerate(texts) if text), default=0)
        texts[last] = texts[last].rstrip()
    return texts
