"""All the text that a page shows, one line a block, whatever the page is like.

It reads the page as a stream and builds no tree, so that it takes the same time for each tag
however deep the tags are nested: the last resort for pages that no tree parser can hold.
"""

from __future__ import annotations

from collections.abc import Mapping

# Elements that begin and end a line.
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tr", "ul",
))
# fmt: on
# Elements that separate words but not lines.
CELLS = frozenset(("td", "th"))
# Elements whose text is not shown. `noscript` is for browsers that run no scripts, which readers' do.
UNSEEN = frozenset((
    "audio", "canvas", "head", "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "video",
))  # fmt: skip
# How much is fed to the parser at a time; it keeps what it has not yet understood.
FEED_CHARS = 65_536


def visible_text(page: str) -> str:
    """Return the visible text of a page, one line a block."""
    from lxml import etree  # loaded for pages only  # noqa: PLC0415

    reader = _Reader()
    parser = etree.HTMLParser(target=reader, huge_tree=True, recover=True)
    try:
        for start in range(0, len(page), FEED_CHARS):
            parser.feed(page[start : start + FEED_CHARS])
        parser.close()
    except (etree.LxmlError, ValueError):
        pass  # what was read before the parser gave up is still good
    return reader.text()


class _Reader:
    """Receives the parser's events and collects lines."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._unseen = 0  # how deep inside elements that are not shown

    def start(self, tag: str | bytes, attrib: Mapping[str | bytes, str | bytes]) -> None:
        if self._unseen or tag in UNSEEN or "hidden" in attrib:
            self._unseen += 1
        elif tag in BLOCKS:
            self._break()
        elif tag in CELLS:
            self._line.append(" ")

    def end(self, tag: str | bytes) -> None:
        if self._unseen:
            self._unseen -= 1
        elif tag in BLOCKS:
            self._break()

    def data(self, data: str | bytes) -> None:
        if not self._unseen:
            self._line.append(data if isinstance(data, str) else data.decode("utf-8", "replace"))

    def comment(self, text: str | bytes) -> None:
        """Comments are not shown."""

    def close(self) -> None:
        self._break()

    def text(self) -> str:
        self._break()
        return "\n".join(self._lines)

    def _break(self) -> None:
        line = " ".join("".join(self._line).split())
        self._line.clear()
        if line:
            self._lines.append(line)
