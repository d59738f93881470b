"""A web page to its article's text and metadata.

The order of the work is `_read_auto`: parse once, read the blocks, choose those of the article, write them down.
Around it stand ways out for the pages that cannot be read so, and guards, so that no page takes long or ends
in anything but a text or a `NoArticleError`. Nothing that a page names is fetched or run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from cleannews.document import Label, Markup, Metadata, NoArticleError, Removal
from cleannews.extract.archive import is_mhtml, page_in_mhtml
from cleannews.extract.blocks import FAR, Block, read_blocks
from cleannews.extract.choose import Chosen, choose
from cleannews.extract.conventions import KINDS
from cleannews.extract.declared import claims_of, meta_values, schema_objects, stories_among
from cleannews.extract.extractor import Extractor
from cleannews.extract.features import Claims, share_within, shingles, words_of
from cleannews.extract.line import Line
from cleannews.extract.markup import markup_of
from cleannews.extract.metadata import is_truncated, page_metadata
from cleannews.extract.provenance import element_of
from cleannews.extract.soup import soup_text
from cleannews.extract.visible import visible_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Under this, next to nothing was found: a caption, a consent note. Real stories are longer than two sentences.
SHORT_CHARS = 200
# How much more another way must find to be taken instead; a little more is only a menu or a footer.
MUCH_MORE = 2.0
# The story in the page's data is taken if the page shows less than this share of it, as behind a paywall, ...
SHOWN_SHARE = 0.6
# ... and what it shows is mostly from there; else the data are of another story.
SAME_STORY_SHARE = 0.8

# The work grows with the tags, and a little faster. The largest of some 500 pages of news and blogs had 5,000;
# four times that is read in seconds, and beyond it is a listing or a trap: its visible text is taken.
MAX_TAGS = 20_000
# Longer pages are not parsed to a tree.
MAX_CHARS = 20_000_000
# Deeper trees overflow the stacks of what walks them; real pages have 20 to 60 levels.
MAX_DEPTH = 250
# A tree parser compares each attribute with the others of its tag, so that 50,000 take a minute. No page needs 1,000.
MANY_ATTRIBUTES = re.compile(
    r"""[a-z][^\s<>]*+(?:\s++[^\s=<>"']++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"']*+))?+){1000}""", re.IGNORECASE
)

# What that many take at least: a space and a letter each.
MANY_ATTRIBUTES_CHARS = 2000

# trafilatura and its helpers remember lines and addresses, so many of each but of any length: some 20 MB
# with ordinary pages, more with large ones. Forgetting takes 30 ms, which over this many pages is nothing.
PAGES_BETWEEN_RESETS = 500

# It names the encoding of bytes that are no longer there, and sets parsers against the text.
XML_DECLARATION = re.compile(r"\s*+<\?xml\s[^<>]*+>")

# What a removal that only the scorer of texts asks for must reckon with in a page, where more is known of a block.
SCORED = "model."
# It takes lists for lists of links; in a page it is seen whether they are.
RELATED_LINK_SHARE = 0.3
# It sees no containers; where the page's own model is this sure, it is right on pages of these labels more often.
SURE = 0.8
OVERRULED = frozenset((Label.RELATED, Label.PROMO, Label.INTERFACE, Label.LEGAL, Label.PAYWALL))
LIST_TAGS = frozenset(("li", "dd", "dt", "tr", "td", "th", "pre"))
# Parts that speak of a paywall, and how near around a block they count.
_PAYWALL = KINDS.index("paywall")
PAYWALL_DISTANCE = 2


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from a page.

    Attributes:
        text: the article, a line a paragraph.
        metadata: title, authors, date and the like, as far as the page tells.
        lines: the blocks that the text was made of; none if it was read in another way than block by block.
    """

    text: str
    metadata: Metadata
    lines: tuple[Line, ...] = ()

    def spares(self, removal: Removal) -> bool:
        """Say whether the page shows that a removal from its text would be a mistake."""
        touched = self._touched(removal)
        if not touched:
            return False
        if removal.label is Label.RELATED and all(
            line.block.link_words <= RELATED_LINK_SHARE * line.block.words for line in touched
        ):
            return True
        sure = sum(line.probability for line in touched) > SURE * len(touched)
        # What is promoted can be clicked on.
        if removal.label is Label.PROMO and sure and not any(line.block.link_words for line in touched):
            return True
        if removal.label not in OVERRULED or not removal.rule.startswith(SCORED):
            return False
        return sure or any(line.block.container.tag in LIST_TAGS for line in touched)

    def markup(self) -> tuple[Markup, ...]:
        """Return how the page sets its text; nothing, if it was not read block by block."""
        return markup_of(self.lines)

    def element_of(self, removal: Removal) -> str | None:
        """Return the element that a removal from its text was in, as a CSS selector; None if that is not known."""
        return element_of([line.block.container for line in self._touched(removal)])

    def _touched(self, removal: Removal) -> list[Line]:
        return [line for line in self.lines if line.start < removal.end and removal.start < line.end]


def extract_page(page: str, extractor: Extractor = Extractor.AUTO) -> Page:
    """Return the article's text and metadata.

    Raises:
        NoArticleError: the page has no text to give.
    """
    page = _parsable(page)
    try:
        read = _read_trap(page) if _is_trap(page) else READERS[extractor](page)
    except (RecursionError, MemoryError, ValueError, TypeError, AssertionError) as error:
        raise NoArticleError(f"no article found: the page cannot be read ({type(error).__name__})") from error
    if not read.text:
        raise NoArticleError(f"no article found: {_why(page)}")
    return read


def _parsable(page: str) -> str:
    """Return the page without its envelope and without what no parser takes."""
    if is_mhtml(page):
        page = page_in_mhtml(page) or ""
    page = page.replace("\0", "").lstrip("\ufeff")
    if declaration := XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    try:
        page.encode("utf-8")
    except UnicodeEncodeError:
        # Half of a surrogate pair is no character; it cannot be encoded, and becomes a question mark.
        page = page.encode("utf-8", "replace").decode("utf-8")
    return page


def _is_trap(page: str) -> bool:
    """Say whether a tree of this page would take minutes to build and search."""
    tags = page.count("<") - page.count("</")
    if len(page) > MAX_CHARS or tags > MAX_TAGS:
        return True
    return any(len(tag) > MANY_ATTRIBUTES_CHARS and MANY_ATTRIBUTES.match(tag) for tag in page.split("<"))


def _read_trap(page: str) -> Page:
    return Page(visible_text(page), Metadata())


@dataclass(frozen=True, slots=True)
class Parsed:
    """A page, parsed, with what it says of itself.

    Attributes:
        tree: its elements.
        blocks: its lines.
        objects: its schema.org objects.
        stories: those that are about a story.
        meta: its meta elements by name.
        claims: what it says of its story.
    """

    tree: HtmlElement
    blocks: list[Block]
    objects: list[dict[str, Any]]
    stories: list[dict[str, Any]]
    meta: dict[str, list[str]]
    claims: Claims


def parse(page: str) -> Parsed | None:
    """Parse a page; None if nothing can be made of it, or it is nested too deep to be walked."""
    tree = _tree(page)
    if tree is None:
        return None
    objects, meta = schema_objects(tree), meta_values(tree)
    stories = stories_among(objects)
    return Parsed(tree, read_blocks(tree), objects, stories, meta, claims_of(tree, stories, meta))


def trafilatura_text(tree: HtmlElement, *, precise: bool = False) -> str:
    """Return trafilatura's text of a parsed page; empty where it finds none or fails.

    Its precise mode is asked for an opinion, and without the other extractors that it compares itself with: they take
    half of its time, and on the development pages the text chosen was as good without them.
    """
    import trafilatura  # loaded where it is asked only  # noqa: PLC0415

    _prepare_trafilatura()
    try:
        document = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=precise, fast=precise)
    except (RecursionError, ValueError, TypeError, AttributeError, AssertionError):
        return ""
    if document is None or isinstance(document, dict):  # a dictionary only with a deprecated option
        return ""
    return normalize("NFC", document.text or "").strip()


def _read_auto(page: str) -> Page:
    parsed = parse(page)
    if parsed is None:
        return Page(soup_text(page), Metadata())
    chosen = choose(parsed.blocks, parsed.claims, lambda precise: trafilatura_text(parsed.tree, precise=precise))
    lines = _lines(chosen)
    text = "\n".join(line.block.text for line in lines)
    text, lines = _whole(text, lines, parsed.claims.body)
    if len(text) < SHORT_CHARS:
        text, lines = _elsewhere(text, lines, page, parsed)
    return Page(text, _metadata(parsed, text), lines)


def _lines(chosen: Sequence[Chosen]) -> tuple[Line, ...]:
    lines, start = [], 0
    for one in chosen:
        end = start + len(one.block.text)
        lines.append(Line(start, end, one.block, one.probability))
        start = end + 1
    return tuple(lines)


def _whole(text: str, lines: tuple[Line, ...], body: str | None) -> tuple[str, tuple[Line, ...]]:
    """Return the story from the page's data where the page shows only its beginning."""
    if not body:
        return text, lines
    shown, whole = words_of(text), words_of(body)
    if len(shown) >= SHOWN_SHARE * len(whole):
        return text, lines
    if len(text) >= SHORT_CHARS and share_within(shown, shingles(whole)) < SAME_STORY_SHARE:
        return text, lines
    return body, ()


def _elsewhere(text: str, lines: tuple[Line, ...], page: str, parsed: Parsed) -> tuple[str, tuple[Line, ...]]:
    """Return what other ways find on a page of which next to nothing was read."""
    paragraphs = soup_text(page)
    # Without any paragraph, a few words beside scripts are "Loading…" or a plea to enable them.
    if not paragraphs and _has_scripts(page):
        return "", ()
    ways: tuple[Callable[[], str], ...] = (
        lambda: trafilatura_text(parsed.tree, precise=True),
        lambda: trafilatura_text(parsed.tree),
        lambda: paragraphs,
    )
    for number, way in enumerate(ways):
        other = way()
        # The precise mode goes first, and is left for what finds more if it found next to nothing, too.
        if len(other) > MUCH_MORE * len(text) and (number or len(other) >= SHORT_CHARS):
            return other, ()
    return text, lines


def _metadata(parsed: Parsed, text: str) -> Metadata:
    metadata = page_metadata(parsed.tree, parsed.stories, parsed.meta, parsed.objects)
    if metadata.date is None:
        metadata = replace(metadata, date=_searched_date(parsed.tree, metadata.url))
    if not text:
        return metadata
    truncated = is_truncated(text, metadata, parsed.stories, parsed.claims.body, _gates(parsed.blocks))
    return replace(metadata, truncated=truncated)


def _searched_date(tree: HtmlElement, url: str | None) -> str | None:
    """Return the date that htmldate finds in what a page shows, where its data have none."""
    from datetime import date  # noqa: PLC0415

    from htmldate import find_date  # noqa: PLC0415

    _prepare_trafilatura()
    today = date.today().isoformat()
    try:
        # Not in the whole text: that takes as long as the extraction, and finds other dates.
        return find_date(tree, url=url, original_date=True, extensive_search=False, max_date=today)
    except (RecursionError, ValueError, TypeError, AttributeError):
        return None


def _gates(blocks: Iterable[Block]) -> Iterable[Block]:
    return (block for block in blocks if block.container.distances[_PAYWALL] <= PAYWALL_DISTANCE < FAR)


def _read_trafilatura(page: str) -> Page:
    parsed = parse(page)
    if parsed is None:
        return Page("", Metadata())
    text = trafilatura_text(parsed.tree)
    return Page(text, _metadata(parsed, text))


def _read_soup(page: str) -> Page:
    return _with_metadata(soup_text(page), page)


def _read_visible(page: str) -> Page:
    return _with_metadata(visible_text(page), page)


def _with_metadata(text: str, page: str) -> Page:
    parsed = parse(page)
    return Page(text, _metadata(parsed, text) if parsed else Metadata())


READERS: dict[Extractor, Callable[[str], Page]] = {
    Extractor.AUTO: _read_auto,
    Extractor.TRAFILATURA: _read_trafilatura,
    Extractor.SOUP: _read_soup,
    Extractor.RULES: _read_visible,
}


def _tree(page: str) -> HtmlElement | None:
    """Return a page's elements; None if there are none, or they are nested too deep."""
    from lxml import etree, html  # loaded for pages only  # noqa: PLC0415

    parser = html.HTMLParser(  # type: ignore[call-arg]  # the stubs lack default_doctype
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        tree = html.document_fromstring(page.encode("utf-8"), parser=parser)
    except (etree.LxmlError, AssertionError):
        return None
    return None if _is_deep(tree) else tree


def _is_deep(tree: HtmlElement) -> bool:
    from lxml.etree import XPath  # noqa: PLC0415

    return bool(XPath("boolean(" + "/*" * MAX_DEPTH + ")")(tree))


_pages_read = count(1)


def _prepare_trafilatura() -> None:
    """Keep it quiet, and from time to time let it forget."""
    number = next(_pages_read)
    if number == 1:
        import logging  # noqa: PLC0415

        for name in ("trafilatura", "htmldate", "courlan", "justext"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    elif number % PAGES_BETWEEN_RESETS == 0:
        from trafilatura.meta import reset_caches  # noqa: PLC0415

        reset_caches()


def _has_scripts(page: str) -> bool:
    return "<script" in page.lower()


def _why(page: str) -> str:
    if "<frameset" in page.lower():
        return "the page is a frameset, and its text is on other pages"
    if _has_scripts(page):
        return "the page has no text of its own, only scripts that would fetch it"
    return "the page has no text"
