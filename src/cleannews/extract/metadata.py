"""What is known of a story from its page: headline, authors, dates, and whether it is whole.

What the page states as data is believed first (schema.org, then OpenGraph and other meta elements),
and what it shows is searched where that says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cleannews.document import Metadata
from cleannews.extract.blocks import UNPRINTED
from cleannews.extract.declared import plain
from cleannews.extract.features import words_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from cleannews.extract.blocks import Block

LANGUAGE = re.compile(r"[A-Za-z]{2,3}\b")
DAY = re.compile(r"\b((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")
# In addresses: /2024/05/03/ or /2024-05-03.
DAY_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?!\d)")
# Where pages without schema.org objects state these, the best first.
PUBLISHED = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dc.date.created", "dc.date", "dcterms.created", "dcterms.date",
    "pubdate", "publishdate", "publish-date", "publication_date", "date", "article.published", "rnews:datepublished",
    "citation_publication_date", "cxenseparse:recs:publishtime", "iso-8601-publish-date",
)  # fmt: skip
MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified", "lastmod")
AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "byl",
    "citation_author", "cxenseparse:author", "twitter:creator:name",
)  # fmt: skip
SECTIONS = ("article:section", "og:article:section", "parsely-section", "section", "cxenseparse:category")
SITES = ("og:site_name", "application-name", "twitter:app:name:iphone")
# Names that stand in an author's place and are nobody's.
NOBODY = re.compile(
    r"https?:|www\.|@|^\W*$|^(?:admin|administrator|editor|webmaster|unknown|undefined|null)$", re.IGNORECASE
)
BY = re.compile(r"^\s*(?:by|von|par|por|di|door|av|af|autor(?:es|a)?|author)\s*:?\s+", re.IGNORECASE)
BETWEEN_AUTHORS = re.compile(r"\s*(?:;|\||,|\s(?:and|und|et|y|e|en|og|och)\s|\s&\s)\s*")
BYLINES = (
    "//*[@rel='author']", "//*[contains(concat(' ', @itemprop, ' '), ' author ')]",
    "//*[contains(@class, 'author-name') or contains(@class, 'author__name') or contains(@class, 'byline__name')"
    " or contains(@class, 'byline-name') or contains(@class, 'authorName') or contains(@class, 'byline-author')]",
    "//*[contains(@class, 'byline') or contains(@class, 'author')]"
    "[not(.//*[contains(@class, 'byline') or contains(@class, 'author')])]",
)  # fmt: skip
# A name has two to five words; one with more is a sentence about its author.
MAX_NAME_WORDS = 5
MAX_NAME_CHARS = 60
# What divides a headline from the name of the paper in a page's title.
SITE_DIVIDER = re.compile(r"\s+[|–—·»:-]+\s+")
TIMES = "//time[@datetime]"

# A text that ends in the middle of a sentence was cut; so was one with far fewer words than the page counts.
CUT_END = re.compile(r"(?:\.\.\.|…|\[…\]|[\w,])\W?$")
WHOLE_SHARE = 0.7
# Fewer words than a story for subscribers has, if it is whole.
SHORT_STORY_WORDS = 200


def page_metadata(
    tree: HtmlElement,
    stories: Sequence[dict[str, Any]],
    meta: dict[str, list[str]],
    site_objects: Sequence[dict[str, Any]],
) -> Metadata:
    """Return what a page tells of its story, but for whether it is whole.

    Args:
        tree: the parsed page.
        stories: its schema.org objects that are about a story.
        meta: its meta elements by name.
        site_objects: all its schema.org objects.
    """
    url = _url(tree, meta)
    authors = _authors(tree, stories, meta)
    return Metadata(
        title=_title(tree, stories, meta),
        author="; ".join(authors) or None,
        date=_published(tree, stories, meta, url),
        url=url,
        site=_site(stories, meta, site_objects),
        language=_language(tree),
        authors=authors,
        modified=_first_day([*_strings(stories, "dateModified"), *_of(meta, MODIFIED)]),
        section=next(iter([*_strings(stories, "articleSection"), *_of(meta, SECTIONS)]), None),
        paywalled=_paywalled(stories, meta),
    )


def is_truncated(
    text: str, metadata: Metadata, stories: Sequence[dict[str, Any]], body: str | None, gates: Iterable[Block]
) -> bool | None:
    """Say whether a text looks cut off by a paywall; None where the page gives no sign either way.

    Args:
        text: the article as it was read.
        metadata: what the page tells of it.
        stories: its schema.org objects that are about a story.
        body: the story as the page's data has it.
        gates: the page's blocks that speak of a paywall.
    """
    words = len(words_of(text))
    counted = _word_count(stories) or (len(words_of(body)) if body else None)
    if counted and counted >= SHORT_STORY_WORDS:
        return words < WHOLE_SHARE * counted
    if metadata.paywalled is False:
        return False
    gated = metadata.paywalled or any(True for _ in gates)
    if not gated:
        return None
    if CUT_END.search(text.rstrip()):
        return True
    return True if metadata.paywalled and words < SHORT_STORY_WORDS else None


def _word_count(stories: Sequence[dict[str, Any]]) -> int | None:
    for story in stories:
        value = story.get("wordCount")
        if isinstance(value, int):
            return value
        if isinstance(value, str) and value.isdigit():
            return int(value)
    return None


def _paywalled(stories: Sequence[dict[str, Any]], meta: dict[str, list[str]]) -> bool | None:
    for story in stories:
        free = story.get("isAccessibleForFree")
        if isinstance(free, bool):
            return not free
        if isinstance(free, str) and free.strip().lower() in (
            "true",
            "false",
            "https://schema.org/true",
            "https://schema.org/false",
        ):
            return "false" in free.lower()
    tier = next(iter(_of(meta, ("article:content_tier", "og:article:content_tier", "content_tier"))), "").lower()
    return {"free": False, "locked": True, "metered": True}.get(tier)


def _title(tree: HtmlElement, stories: Sequence[dict[str, Any]], meta: dict[str, list[str]]) -> str | None:
    """Return the headline: what the page states, in the form in which it shows it."""
    shown = [text for element in tree.iter("h1") if (text := _line(element.text_content()))]
    stated = [*_strings(stories, "headline"), *_of(meta, ("og:title", "twitter:title"))]
    for title in shown:
        if any(_same_headline(title, other) for other in stated):
            return title
    if stated:
        return stated[0]
    if len(shown) == 1:
        return shown[0]
    element = tree.find(".//title")
    title = _line(element.text or "") if element is not None else ""
    parts = SITE_DIVIDER.split(title)
    return shown[0] if shown else max(parts, key=len) or None


def _same_headline(shown: str, stated: str) -> bool:
    one, other = words_of(shown), words_of(stated)
    return bool(one) and other[: len(one)] == one


def _url(tree: HtmlElement, meta: dict[str, list[str]]) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical" and (element.get("href") or "").startswith("http"):
            return str(element.get("href")).strip()
    return next((value for value in _of(meta, ("og:url", "twitter:url")) if value.startswith("http")), None)


def _published(
    tree: HtmlElement, stories: Sequence[dict[str, Any]], meta: dict[str, list[str]], url: str | None
) -> str | None:
    stated = _first_day([*_strings(stories, "datePublished"), *_of(meta, PUBLISHED), *_strings(stories, "dateCreated")])
    if stated:
        return stated
    for element in tree.xpath("//*[@itemprop='datePublished']"):
        if day := _first_day([element.get("content") or element.get("datetime") or ""]):
            return day
    if url and (match := DAY_IN_URL.search(url)):
        return _day(match)
    return _first_day(element.get("datetime") or "" for element in tree.xpath(TIMES))


def _first_day(values: Iterable[str]) -> str | None:
    for value in values:
        match = DAY.search(value)
        if match and (day := _day(match)):
            return day
    return None


def _day(match: re.Match[str]) -> str | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def _authors(tree: HtmlElement, stories: Sequence[dict[str, Any]], meta: dict[str, list[str]]) -> tuple[str, ...]:
    for story in stories:
        if names := _clean_names(_names(story.get("author") or story.get("creator"))):
            return names
    if names := _clean_names(_of(meta, AUTHORS)):
        return names
    for path in BYLINES:
        texts = (" ".join(element.text_content().split()) for element in tree.xpath(path)[:MAX_NAME_WORDS])
        if names := _clean_names(text for text in texts if len(text) <= MAX_NAME_CHARS):
            return names
    return ()


def _names(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _names(value.get("name"))
    if isinstance(value, list):
        return [name for item in value for name in _names(item)]
    return []


def _clean_names(values: Iterable[str]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for value in values:
        for part in BETWEEN_AUTHORS.split(BY.sub("", plain(value))):
            name = part.strip(" \n\t,.;:-–—")
            if name and len(name) <= MAX_NAME_CHARS and len(name.split()) <= MAX_NAME_WORDS and not NOBODY.search(name):
                names[name] = None
    return tuple(names)


def _site(
    stories: Sequence[dict[str, Any]], meta: dict[str, list[str]], objects: Sequence[dict[str, Any]]
) -> str | None:
    publishers = [name for story in stories for name in _names(story.get("publisher"))]
    sites = [name for item in objects if item.get("@type") == "WebSite" for name in _names(item.get("name"))]
    return next((name for name in map(plain, [*_of(meta, SITES), *publishers, *sites]) if name), None)


def _language(tree: HtmlElement) -> str | None:
    """Return the language that the page declares: `de` for `de-AT`."""
    match = LANGUAGE.match(tree.get("lang") or tree.get("xml:lang") or "")
    return match[0].lower() if match else None


def _strings(items: Sequence[dict[str, Any]], name: str) -> list[str]:
    """Return the values of a property that are strings, without markup."""
    values = []
    for item in items:
        value = item.get(name)
        for single in value if isinstance(value, list) else [value]:
            if isinstance(single, str) and (text := _line(plain(single))):
                values.append(text)
    return values


def _line(text: str) -> str:
    return " ".join(UNPRINTED.sub("", text).split())


def _of(meta: dict[str, list[str]], names: Iterable[str]) -> list[str]:
    return [_line(plain(value)) for name in names for value in meta.get(name, ()) if value.strip()]
