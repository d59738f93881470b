"""What a page declares of its story in its head and its data: schema.org objects, OpenGraph and other meta elements.

Nothing in it is believed to be a string because it should be one: pages put lists, numbers and nulls everywhere.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from cleannews.extract.features import Claims

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# More than any page has to say in one object; parsers of JSON are recursive.
MAX_JSON_CHARS = 2_000_000
MAX_JSON_DEPTH = 12
# What schema.org calls the kinds of texts that are a page's own story.
STORY_TYPE = re.compile(
    r"Article|BlogPosting|Report|Review$|LiveBlog|Recipe|DiscussionForumPosting|CreativeWork$|OpinionNews"
)
# A story's text in a page's data that is shorter than this is a summary.
MIN_BODY_WORDS = 60
# Where pages state their headline and their summary, the best first.
TITLES = ("og:title", "twitter:title")
DESCRIPTIONS = ("og:description", "description", "twitter:description")
# More headlines than these are those of other stories.
SHOWN_TITLES = 3
TAGS = re.compile(r"<[^<>]+>")
BREAKS = re.compile(r"</(?:p|div|li|h\d|blockquote|tr)>|<br\s*/?>", re.IGNORECASE)
# Commas at the end, which JSON does not allow and pages have. (Bare line breaks in strings are let through.)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")


def schema_objects(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the schema.org objects that a page states as JSON, in their order."""
    return [item for data in _json_scripts(tree) for item in _objects(data, 0)]


def stories_among(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of the objects that are about a story, those with its text first."""
    stories = [item for item in objects if any(STORY_TYPE.search(name) for name in types_of(item))]
    return sorted(stories, key=lambda item: "articleBody" not in item)


def types_of(item: dict[str, Any]) -> list[str]:
    """Return the names of an object's types."""
    kinds = item.get("@type", ())
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _json_scripts(tree: HtmlElement) -> Iterator[Any]:
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        if not text or len(text) > MAX_JSON_CHARS:
            continue
        try:
            yield json.loads(text, strict=False)
        except (ValueError, RecursionError):
            try:
                yield json.loads(TRAILING_COMMA.sub(r"\1", text.strip().rstrip(";")), strict=False)
            except (ValueError, RecursionError):
                continue


def _objects(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > MAX_JSON_DEPTH:
        return
    if isinstance(data, dict):
        if "@type" in data:
            yield data
        for name, value in data.items():
            if isinstance(value, dict | list) and name not in ("author", "publisher", "image"):
                yield from _objects(value, depth + 1)
    elif isinstance(data, list):
        for value in data:
            yield from _objects(value, depth + 1)


def declared_body(stories: list[dict[str, Any]]) -> str | None:
    """Return the story's text as the page's data has it, a line a paragraph, or None."""
    bodies = [
        plain(body) for story in stories if isinstance(body := story.get("articleBody") or story.get("text"), str)
    ]
    longest = max(bodies, key=len, default="")
    return longest if len(longest.split()) >= MIN_BODY_WORDS else None


def plain(text: str) -> str:
    """Return a string of a page's data without markup and entities, a line a paragraph."""
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = html.unescape(TAGS.sub("", BREAKS.sub("\n", text)))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def meta_values(tree: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of a page's meta elements by their names, in lower case."""
    values: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            values.setdefault(name.lower(), []).append(content)
    return values


def claims_of(tree: HtmlElement, stories: list[dict[str, Any]], meta: dict[str, list[str]]) -> Claims:
    """Return what a page says of its own story."""
    shown = [element.text_content() for element in islice(tree.iter("title", "h1"), SHOWN_TITLES)]
    headlines = [plain(name) for story in stories if isinstance(name := story.get("headline"), str)]
    return Claims(
        titles=(*_values(meta, TITLES), *shown, *headlines),
        descriptions=tuple(_values(meta, DESCRIPTIONS)),
        body=declared_body(stories),
    )


def _values(meta: dict[str, list[str]], names: tuple[str, ...]) -> list[str]:
    return [value for name in names for value in meta.get(name, ())]
