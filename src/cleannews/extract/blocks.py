"""A parsed page as a sequence of blocks: the lines that a reader sees, each with the containers it stands in.

This is the one place that knows how HTML becomes lines: which elements begin one, how the white space in
them closes up, what is never shown. What a block is worth is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

from cleannews.extract.conventions import KINDS, NO_KINDS, kind_numbers, kinds_of_element

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Elements that begin and end a line.
# fmt: off
BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# Elements whose text is not shown, or is none. `noscript` is for browsers that run no scripts, which readers' do.
UNSEEN_TAGS = frozenset((
    "audio", "canvas", "datalist", "head", "iframe", "math", "noscript", "object", "optgroup", "option", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
))
# fmt: on
CELL_TAGS = frozenset(("td", "th"))
# Elements that stand for white space in a line.
SPACE_TAGS = frozenset(("img", "input", "wbr"))
# Characters that only tell a browser where a word may be broken, or nothing at all.
UNPRINTED = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Characters that join letters, and by themselves show nothing; editors leave them where a line was emptied.
JOINERS = frozenset(("\u200c", "\u200d"))
# Between the cells of a table's row.
CELL_SEPARATOR = " | "
# Scripts that write no spaces: about two characters make what elsewhere is a word.
IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
IDEOGRAPHS_PER_WORD = 2

# A block of at least so many words, of which at most this share is links, is taken for running text.
PROSE_WORDS = 12
PROSE_LINK_SHARE = 0.34
# Kinds of parts that hold running text of other people's or other matters, and how near around a block they count.
OTHER_KINDS = ("comment", "navigation", "footer", "aside", "consent", "form", "hidden", "newsletter", "paywall")
OTHER_DISTANCE = 3


# How a run of text is set, as bits: plain numbers, for flags of an enumeration take ten times as long to ask.
PLAIN, STRONG, EMPHASIS, CODE = 0, 1, 2, 4
MARKS = {"b": STRONG, "strong": STRONG, "em": EMPHASIS, "i": EMPHASIS, "code": CODE}

# Elements that say how the text in them is set.
SET_TAGS = frozenset((*MARKS, "a"))


class Run(NamedTuple):
    """Text of a block that is set in one way.

    Attributes:
        text: as it stands in the page, white space and all.
        mark: whether it is bold, emphasised or code: the bits of `STRONG`, `EMPHASIS` and `CODE`.
        link: where it leads, if it is a link.
    """

    text: str
    mark: int
    link: str | None


@dataclass(slots=True, eq=False)
class Container:
    """An element that begins a line, with what was counted inside it.

    Attributes:
        tag: its name.
        classes: its class attribute.
        id: its id attribute.
        kinds: the kinds of parts that it says it is, as bits.
        parent: the container around it; None for the outermost.
        depth: how many containers are around it.
        words: words inside it.
        link_words: those of them that are in links.
        prose_words: those of them that are in blocks of running text.
        blocks: how many blocks are inside it.
    """

    tag: str
    classes: str
    id: str
    kinds: int
    parent: Container | None
    depth: int
    words: int = 0
    link_words: int = 0
    prose_words: int = 0
    blocks: int = 0
    _distances: bytes = b""
    _inner_distances: bytes = b""

    @property
    def name(self) -> str:
        """What it is called: its class attribute, or id."""
        return self.classes or self.id

    @property
    def distances(self) -> bytes:
        """For each kind of part, how many containers further out the nearest of that kind is.

        Computed when first asked for: most containers hold no block of their own.
        """
        if not self._distances:
            distances = self.parent.inner_distances() if self.parent else NOWHERE
            if self.kinds:
                own = bytearray(distances)
                for number in kind_numbers(self.kinds):
                    own[number] = 0
                distances = bytes(own)
            self._distances = distances
        return self._distances

    def inner_distances(self) -> bytes:
        """Return the distances of a container in it that is of no kind itself; computed once for all of them."""
        if not self._inner_distances:
            self._inner_distances = self.distances.translate(FURTHER)
        return self._inner_distances

    def count(self, block: Block) -> None:
        """Count a block that stands in it and in none of its containers."""
        self.words += block.words
        self.link_words += block.link_words
        self.prose_words += block.words if block.is_prose else 0
        self.blocks += 1

    def counted_in_parent(self) -> Container:
        """Return the container around it, with what was counted in this one added to it."""
        parent = self.parent
        assert parent is not None
        if self.blocks:
            parent.words += self.words
            parent.link_words += self.link_words
            parent.prose_words += self.prose_words
            parent.blocks += self.blocks
        return parent

    def around(self) -> Iterator[Container]:
        """Yield it and the containers around it, from the innermost."""
        container: Container | None = self
        while container is not None:
            yield container
            container = container.parent


@dataclass(slots=True, eq=False)
class Block:
    """A line of the page.

    Attributes:
        text: what it reads, white space closed up.
        runs: the same with its links and emphasis.
        container: the innermost element that it stands in.
        kinds: the kinds of parts that inline elements in it say they are.
        words: how many words it has.
        link_words: how many of them are links.
        is_prose: whether it is taken for running text of the page's own.
    """

    text: str
    runs: tuple[Run, ...]
    container: Container
    kinds: int
    words: int
    link_words: int
    is_prose: bool


_OTHER = tuple(map(KINDS.index, OTHER_KINDS))

FAR = 9
"""The distance of a part that is not around a block at all, and the largest that is told apart."""

NOWHERE = bytes([FAR]) * len(KINDS)
# For each distance that of the next container inwards.
FURTHER = bytes(min(distance + 1, FAR) for distance in range(256))


def read_blocks(tree: HtmlElement) -> list[Block]:
    """Return the blocks of a page in reading order.

    Raises:
        RecursionError: its elements are nested deeper than some hundreds.
    """
    return _Reader().read(tree)


class _Reader:
    """Walks a tree and collects its blocks."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._kinds = NO_KINDS
        self._container = Container("", "", "", NO_KINDS, None, 0)
        self._marks = [PLAIN]
        self._links: list[str | None] = [None]
        self._is_verbatim = False  # whether white space counts
        self._row: HtmlElement | None = None  # the table row that is being read as one line

    def read(self, tree: HtmlElement) -> list[Block]:
        self._walk(tree, tree.tag)
        self._end_block()
        return self._blocks

    def _walk(self, element: HtmlElement, tag: str) -> None:
        """Read an element. Nearly all of the time goes here, so what most elements do not need is asked last."""
        is_block, is_set = tag in BLOCK_TAGS, tag in SET_TAGS
        if is_block:
            self._open_block(element, tag)
        elif tag == "br":
            self._end_line()
        elif tag in SPACE_TAGS:
            self._add(" ")
        elif self._row is None and (attributes := element.items()):
            self._kinds |= kinds_of_element(tag, attributes)
        if is_set:
            self._begin_setting(element, tag)
        if text := element.text:
            self._add(text)
        for child in element:
            name = child.tag
            if name not in UNSEEN_TAGS and type(name) is str:
                self._walk(child, name)
            if text := child.tail:
                self._add(text)
        if is_set:
            self._end_setting(tag)
        if is_block:
            self._close_block(element)

    def _open_block(self, element: HtmlElement, tag: str) -> None:
        if self._row is not None:
            is_next_cell = tag in CELL_TAGS and any(run.text.strip() for run in self._runs)
            self._add(CELL_SEPARATOR if is_next_cell else " ")
            return
        self._end_block()
        self._container = _container(element, tag, self._container)
        self._is_verbatim = tag == "pre"
        if tag == "tr" and _is_one_line(element):
            self._row = element

    def _close_block(self, element: HtmlElement) -> None:
        if self._row is not None and self._row is not element:
            self._add(" ")
            return
        self._row = None
        self._end_block()
        self._container = self._container.counted_in_parent()
        self._is_verbatim = self._container.tag == "pre"

    def _begin_setting(self, element: HtmlElement, tag: str) -> None:
        if tag == "a":
            self._links.append(element.get("href") or "")
        else:
            self._marks.append(self._marks[-1] | MARKS[tag])

    def _end_setting(self, tag: str) -> None:
        if tag == "a":
            self._links.pop()
        else:
            self._marks.pop()

    def _add(self, text: str) -> None:
        # White space at the beginning of a line is not shown.
        if self._runs or self._is_verbatim or not text.isspace():
            self._runs.append(Run(text, self._marks[-1], self._links[-1]))

    def _end_line(self) -> None:
        if self._row is not None:
            self._add(" ")
        elif self._is_verbatim:
            self._add("\n")
        else:
            self._end_block()

    def _end_block(self) -> None:
        kinds, self._kinds = self._kinds, NO_KINDS
        if not self._runs:  # three times of four
            return
        runs, self._runs = tuple(self._runs), []
        container = self._container
        text = _text(runs, is_verbatim=self._is_verbatim)
        words = count_words(text)
        if not words or text in JOINERS:
            return
        link_words = 0
        if any(run.link is not None for run in runs):
            link_words = min(words, sum(count_words(run.text) for run in runs if run.link is not None))
        is_prose = words >= PROSE_WORDS and link_words <= PROSE_LINK_SHARE * words and _is_own(container)
        block = Block(text, runs, container, kinds, words, link_words, is_prose)
        self._blocks.append(block)
        container.count(block)


def _is_own(container: Container) -> bool:
    distances = container.distances
    return all(distances[number] > OTHER_DISTANCE for number in _OTHER)


def printed(text: str) -> str:
    """Return a text as it is printed: composed, and without what only tells a browser where a word may be broken."""
    return text if text.isascii() else normalize("NFC", UNPRINTED.sub("", text))


def _text(runs: Sequence[Run], *, is_verbatim: bool) -> str:
    text = printed(runs[0].text if len(runs) == 1 else "".join([run.text for run in runs]))
    return text.strip("\n").rstrip() if is_verbatim else " ".join(text.split())


def count_words(text: str) -> int:
    """Return how many words a text has; in a script without spaces, how many it would come to."""
    if text.isascii():
        return len(text.split())
    return len(text.split()) + len(IDEOGRAPHS.findall(text)) // IDEOGRAPHS_PER_WORD


def _container(element: HtmlElement, tag: str, parent: Container) -> Container:
    attributes = element.items()
    if not attributes:
        return Container(tag, "", "", kinds_of_element(tag, ()), parent, parent.depth + 1)
    values = dict(attributes)
    kinds = kinds_of_element(tag, attributes)
    return Container(tag, values.get("class", ""), values.get("id", ""), kinds, parent, parent.depth + 1)


def _is_one_line(row: HtmlElement) -> bool:
    """Say whether a table's row is data, and not the layout of a page: its cells hold a line each."""
    if row.find(".//table") is not None or row.find(".//pre") is not None:
        return False
    cells = lines = 0
    for element in row.iter():
        if element.tag in CELL_TAGS:
            cells += 1
        elif element.tag in BLOCK_TAGS or element.tag == "br":
            lines += 1
    return cells > 1 and lines - 1 <= cells  # the row itself is among the lines
