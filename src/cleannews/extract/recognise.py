"""Is this text a web page? Cheap, and never more than a look at its beginning."""

from __future__ import annotations

import re

from cleannews.extract.archive import is_mhtml

# Enough for the comments, notices and scripts that pages begin with, and the same for a line of 50 MB.
HEAD_CHARS = 65_536
# Share of a fragment's characters that may stand outside its blocks. Markdown has a tag here and there and
# its prose outside; what an editor or a feed gives out as HTML has all prose inside.
OUTSIDE_SHARE = 0.2

# White space, an XML declaration and comments: what may come before a page's first tag.
PREAMBLE = re.compile(r"(?:[\s\ufeff\0]++|<\?xml[^>]{0,500}+>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL | re.IGNORECASE)
DOCTYPE = re.compile(r"<!doctype\s+html\b", re.IGNORECASE)
PAGE_TAG = re.compile(
    r"<(?:html|head|body|frameset|title|meta|link|base|script|style)(?:\s[^<>]{0,2000})?/?>\s*", re.IGNORECASE
)
CLOSING_TAG = re.compile(r"</(?:html|head|body|frameset|p|div|title|script|style)\s*>", re.IGNORECASE)
BLOCK_TAG = re.compile(
    r"<(/?)(?:p|div|article|section|main|header|footer|aside|nav|figure|blockquote|table|ul|ol|dl|h[1-6]|form|center)"
    r"(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
ANY_TAG = re.compile(r"<[^<>]{0,2000}>")


def is_html(text: str) -> bool:
    """Say whether a text is a web page (in MHTML or not) or a fragment of one, and not a text with a tag in it."""
    if is_mhtml(text):
        return True
    head = text[:HEAD_CHARS]
    preamble = PREAMBLE.match(head)
    offset = preamble.end() if preamble else 0
    if not head.startswith("<", offset):
        return False
    return _is_page(head, offset) or _is_fragment(head, offset)


def _is_page(head: str, offset: int) -> bool:
    if DOCTYPE.match(head, offset):
        return True
    first = PAGE_TAG.match(head, offset)
    # Prose may begin with a tag that it goes on to explain: in a page another tag follows at once, or this one closes.
    return first is not None and (head.startswith("<", first.end()) or bool(CLOSING_TAG.search(head, first.end())))


def _is_fragment(head: str, offset: int) -> bool:
    """Say whether blocks, opened and closed, hold nearly all of the text."""
    if not BLOCK_TAG.match(head, offset):
        return False
    depth = closed = inside = outside = 0
    position = offset
    for tag in BLOCK_TAG.finditer(head, offset):
        size = _prose_size(head[position : tag.start()])
        inside, outside = (inside + size, outside) if depth else (inside, outside + size)
        closing = bool(tag[1])
        closed += closing
        depth = max(0, depth - 1) if closing else depth + 1
        position = tag.end()
    rest = _prose_size(head[position:])
    inside, outside = (inside + rest, outside) if depth else (inside, outside + rest)
    return closed > 0 and outside <= OUTSIDE_SHARE * (inside + outside)


def _prose_size(between_blocks: str) -> int:
    return len("".join(ANY_TAG.sub("", between_blocks).split()))
