"""The paragraphs of a page, as BeautifulSoup sees them: for pages in which trafilatura finds nothing.

Less clever than trafilatura and harder to mislead: of the elements that say they are the article, or else
of all parents of paragraphs, it takes the one with the most paragraph text, and from there what reads as text.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

# What is never the story, wherever it stands.
FURNITURE = ("script", "style", "noscript", "template", "svg", "iframe", "nav", "aside", "footer", "form", "button")
# How pages say where the article is.
ARTICLE = "[itemprop~=articleBody], article, main, [role=main]"
# What is read from the article.
TEXT_TAGS = ("p", "h2", "h3", "h4", "li", "blockquote", "pre")
# An element that says it is the article must have this share of all paragraph text to be believed:
# teasers call themselves articles, too.
ARTICLE_SHARE = 0.4


def soup_text(page: str) -> str:
    """Return the paragraphs of the page's article, one a line; empty if it has none."""
    from bs4 import BeautifulSoup  # loaded for pages only  # noqa: PLC0415

    soup = BeautifulSoup(page, "lxml")
    for element in soup(FURNITURE):
        element.decompose()
    container = _article(soup)
    return "\n".join(_lines(container)) if container else ""


def _article(soup: BeautifulSoup) -> Tag | None:
    sizes = {id(paragraph): len(_text(paragraph)) for paragraph in soup("p")}
    claims = [(sum(sizes[id(paragraph)] for paragraph in claim("p")), claim) for claim in soup.select(ARTICLE)]
    size, article = max(claims, key=lambda claim: claim[0], default=(0, None))
    if article is not None and size > ARTICLE_SHARE * sum(sizes.values()):
        return article
    return _densest(soup)


def _densest(soup: BeautifulSoup) -> Tag | None:
    """Return the element that is the parent of the most paragraph text."""
    parents: dict[int, Tag] = {}
    sizes: defaultdict[int, int] = defaultdict(int)
    for paragraph in soup("p"):
        if parent := paragraph.parent:
            parents[id(parent)] = parent
            sizes[id(parent)] += len(_text(paragraph))
    return parents[max(sizes, key=lambda key: sizes[key])] if sizes else None


def _lines(container: Tag) -> list[str]:
    """Return the texts of the outermost text elements, in order."""
    inner: set[int] = set()
    lines: list[str] = []
    for element in container(TEXT_TAGS):
        if id(element) not in inner:
            inner.update(id(descendant) for descendant in element(TEXT_TAGS))
            lines.append(_text(element))
    return [line for line in lines if line]


def _text(element: Tag) -> str:
    return " ".join(element.get_text().split())
