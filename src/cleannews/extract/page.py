"""A web page to its article's text and metadata.

trafilatura does the work. Around it stand a way out for the pages that it cannot read, and guards,
so that no page takes long or ends in anything but a text or a `NoArticleError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from cleannews.document import Metadata, NoArticleError
from cleannews.extract.frame import framed, read_frame
from cleannews.extract.soup import soup_text
from cleannews.extract.visible import visible_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

# Under this, trafilatura found next to nothing: a caption, a consent note. Real stories are longer than two sentences.
SHORT_CHARS = 200
# How much more the paragraphs must hold to be taken instead; a little more is only a menu or a footer.
MUCH_MORE = 2.0

# trafilatura needs about 0.4 ms a tag, and more the more there are. The largest of some 500 pages of news and
# blogs had 5,000; four times that is read in seconds, and beyond it is a listing or a trap: its visible text is taken.
MAX_TAGS = 20_000
# trafilatura's own limit for a page.
MAX_CHARS = 20_000_000
# A tree parser compares each attribute with the others of its tag, so that 50,000 take a minute. No page needs 1,000.
MANY_ATTRIBUTES = re.compile(
    r"""<[a-z][^\s<>]*+(?:\s++[^\s=<>"']++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s<>"']*+))?+){1000}""", re.IGNORECASE
)

# trafilatura and its helpers remember lines, dates and addresses, so many of each but of any length: some 20 MB
# with ordinary pages, more with large ones. Forgetting takes 30 ms, which over this many pages is nothing.
PAGES_BETWEEN_RESETS = 500

# It names the encoding of bytes that are no longer there, and sets parsers against the text.
XML_DECLARATION = re.compile(r"\s*+<\?xml\s[^<>]*+>")

LANGUAGE = re.compile(r"[A-Za-z]{2,3}\b")

# Only the date that the page declares: searching its whole text takes as long as the extraction, and finds other dates.
DATE_SEARCH = {"original_date": True, "extensive_search": False}


class Extractor(StrEnum):
    """How the text of a page is found."""

    AUTO = "auto"
    """trafilatura, and the page's paragraphs where it finds next to nothing."""
    RULES = "rules"
    """All the visible text, so that the rules do all the work."""
    TRAFILATURA = "trafilatura"
    """trafilatura alone."""
    SOUP = "soup"
    """The paragraphs of the article, or of the element that has most of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from a page.

    Attributes:
        text: the article, a line a paragraph.
        metadata: title, author, date and the like, as far as the page tells.

    """

    text: str
    metadata: Metadata


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
    """Return the page without what no parser takes."""
    page = page.replace("\0", "").lstrip("\ufeff")
    if declaration := XML_DECLARATION.match(page):
        page = page[declaration.end() :]
    # Half of a surrogate pair is no character; it cannot be encoded, and becomes a question mark.
    return page if page.isascii() else page.encode("utf-8", "replace").decode("utf-8")


def _is_trap(page: str) -> bool:
    """Say whether a tree of this page would take minutes to build and search."""
    tags = page.count("<") - page.count("</")
    return len(page) > MAX_CHARS or tags > MAX_TAGS or MANY_ATTRIBUTES.search(page) is not None


def _read_trap(page: str) -> Page:
    return Page(visible_text(page), Metadata())


def _read_auto(page: str) -> Page:
    read = _read_trafilatura(page)
    if len(read.text) >= SHORT_CHARS:
        return read
    paragraphs = soup_text(page)
    if len(paragraphs) > MUCH_MORE * len(read.text):
        return Page(paragraphs, read.metadata)
    # Without any paragraph, a few words beside scripts are "Loading…" or a plea to enable them.
    return read if paragraphs or not _has_scripts(page) else Page("", read.metadata)


def _read_trafilatura(page: str) -> Page:
    tree = _tree(page)
    if tree is None:
        return Page("", Metadata())
    import trafilatura  # loaded for pages only  # noqa: PLC0415

    frame, language = read_frame(tree), _language(tree)
    document = trafilatura.bare_extraction(
        tree, include_comments=False, with_metadata=True, date_extraction_params=_date_search()
    )
    if document is None:
        return Page("", _metadata_of(tree))
    assert not isinstance(document, dict)  # only with a deprecated option
    text = normalize("NFC", document.text or "").strip()
    return Page(framed(text, frame) if text else "", _metadata(document, language))


def _read_soup(page: str) -> Page:
    return Page(soup_text(page), _metadata_of(_tree(page)))


def _read_visible(page: str) -> Page:
    return Page(visible_text(page), _metadata_of(_tree(page)))


READERS: dict[Extractor, Callable[[str], Page]] = {
    Extractor.AUTO: _read_auto,
    Extractor.TRAFILATURA: _read_trafilatura,
    Extractor.SOUP: _read_soup,
    Extractor.RULES: _read_visible,
}


def _tree(page: str) -> HtmlElement | None:
    """Parse a page as trafilatura does."""
    from trafilatura import load_html  # loaded for pages only  # noqa: PLC0415

    _prepare_trafilatura()
    # It refuses a fragment that is a single block; within a page it is fine.
    whole = page if "<html" in page[:2000].lower() else f"<html><body>{page}</body></html>"
    return load_html(whole)


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


def _date_search() -> dict[str, Any]:
    from datetime import date  # noqa: PLC0415

    return DATE_SEARCH | {"max_date": date.today().isoformat()}


def _metadata_of(tree: HtmlElement | None) -> Metadata:
    if tree is None:
        return Metadata()
    from trafilatura.metadata import extract_metadata  # noqa: PLC0415

    return _metadata(extract_metadata(tree, date_config=_date_search()), _language(tree))


def _metadata(document: Document, language: str | None) -> Metadata:
    return Metadata(
        title=document.title or None,
        author=document.author or None,
        date=document.date or None,
        url=document.url or None,
        site=document.sitename or None,
        language=language,
    )


def _language(tree: HtmlElement) -> str | None:
    """Return the language that the page declares: `de` for `de-AT`."""
    match = LANGUAGE.match(tree.get("lang") or tree.get("xml:lang") or "")
    return match[0].lower() if match else None


def _has_scripts(page: str) -> bool:
    return "<script" in page.lower()


def _why(page: str) -> str:
    if "<frameset" in page.lower():
        return "the page is a frameset, and its text is on other pages"
    if _has_scripts(page):
        return "the page has no text of its own, only scripts that would fetch it"
    return "the page has no text"
