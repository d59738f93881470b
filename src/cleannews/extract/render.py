"""Blocks to text: a line a block, plain or in Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from cleannews.extract.blocks import CELL_SEPARATOR, UNPRINTED, Block, Mark, Run

# What has a meaning in Markdown wherever it stands in a line, and must stand for itself.
SPECIAL = re.compile(r"([\\`*_\[\]<])")
# What has one at the beginning of a line only.
LINE_START = re.compile(r"^(\s*)([#>+-]|\d+(?=[.)]))(?=[\s.)#]|$)")
SPACES = re.compile(r"\s+")
HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}


def plain_text(blocks: Sequence[Block]) -> str:
    """Return the blocks as text, a line each."""
    return "\n".join(block.text for block in blocks)


def markdown(blocks: Sequence[Block], *, links: bool = False) -> str:
    """Return the blocks in Markdown: headings, emphasis, lists, quotes and tables, and links if they are asked for."""
    parts: list[str] = []
    for kind, group in groupby(blocks, key=_kind):
        lines = [_line(block, kind, links=links) for block in group]
        if kind == "tr":
            columns = lines[0].count(CELL_SEPARATOR) + 1
            lines = [f"| {line} |" for line in lines]
            lines.insert(1, "|" + " --- |" * columns)
        parts.append(("\n" if kind in ("li", "tr") else "\n\n").join(lines))
    return "\n\n".join(parts)


def _kind(block: Block) -> str:
    """Return which Markdown construct a block is: `li`, `tr`, `pre`, `quote`, a heading's tag, or nothing for prose."""
    tag = block.container.tag
    if tag in HEADING_LEVELS or tag in ("pre", "li", "tr"):
        return tag
    around = [container.tag for container in block.container.around()]
    return "quote" if "blockquote" in around else ""


def _line(block: Block, kind: str, *, links: bool) -> str:
    if kind == "pre":
        return f"```\n{block.text}\n```"
    text = LINE_START.sub(r"\1\\\2", _inline(block.runs, links=links))
    if kind in HEADING_LEVELS:
        return f"{'#' * HEADING_LEVELS[kind]} {text}"
    if kind == "li":
        return f"{'  ' * _list_depth(block)}- {text}"
    return f"> {text}" if kind == "quote" else text


def _list_depth(block: Block) -> int:
    return max(0, sum(container.tag in ("ul", "ol", "menu") for container in block.container.around()) - 1)


def _inline(runs: Sequence[Run], *, links: bool) -> str:
    parts = []
    for (mark, link), group in groupby(runs, key=lambda run: (run.mark, run.link if links else None)):
        text = SPACES.sub(" ", "".join(run.text for run in group).translate(UNPRINTED))
        parts.append(_marked(text, mark, link))
    return SPACES.sub(" ", "".join(parts)).strip()


def _marked(text: str, mark: Mark, link: str | None) -> str:
    """Return a run's text between its marks, which must touch the words: the white space goes outside."""
    words = text.strip()
    if not words:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    words = f"`{words}`" if Mark.CODE in mark else SPECIAL.sub(r"\\\1", words)
    if Mark.EMPHASIS in mark:
        words = f"*{words}*"
    if Mark.STRONG in mark:
        words = f"**{words}**"
    if link:
        words = f"[{words}]({link.strip().replace(' ', '%20').replace(')', '%29')})"
    return f"{before}{words}{after}"
