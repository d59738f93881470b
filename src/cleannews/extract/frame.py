"""What stands above the story: its headline, which is metadata, and its standfirst, which is text.

trafilatura keeps a headline where it happens to stand in the story's own element, and loses a
standfirst where it does not. Both are told by what the page says of itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

WORD = re.compile(r"\w+")
# The headline is among the first lines or it is not there; further down it is a link or a heading.
HEADLINE_LINES = 3
# Words from which on the beginning of the page's title ("Headline | Paper") is a headline and no chance.
HEADLINE_WORDS = 4
# Words from which on a line that the page's description begins with (or the other way round) is the standfirst.
STANDFIRST_WORDS = 8
# Longer than any standfirst: the description was taken from the story's first paragraph.
STANDFIRST_CHARS = 800

TITLES = "//meta[@property='og:title' or @name='twitter:title']/@content"
DESCRIPTIONS = "//meta[@property='og:description' or @name='description' or @name='twitter:description']/@content"
STANDFIRST_TAGS = ("p", "h2", "h3", "div", "span")
# A paragraph holds words and inline elements only; what has one of these inside is a container.
CONTAINER_CHILDREN = frozenset(("p", "div", "section", "article", "ul", "ol", "table", "h1", "h2", "h3", "figure"))
# Elements in which a paragraph is not the story's standfirst, though it may repeat it.
ELSEWHERE = frozenset(("head", "aside", "nav", "footer"))


@dataclass(frozen=True, slots=True)
class Frame:
    """What a page says of its story.

    Attributes:
        titles: its headline and titles, as keys.
        standfirst: its visible standfirst, if it has one.

    """

    titles: frozenset[str]
    standfirst: str | None


def read_frame(tree: HtmlElement) -> Frame:
    """Collect headline and standfirst from a parsed page."""
    shown = [element.text_content() for element in tree.iter("h1", "title")]
    titles = {_key(title) for title in [*shown, *tree.xpath(TITLES)]} - {""}
    return Frame(frozenset(titles), _standfirst(tree))


def framed(text: str, frame: Frame) -> str:
    """Return the text without the headline and with the standfirst."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:HEADLINE_LINES]):
        if _is_headline(_key(line), frame.titles) and len(lines) > 1:
            del lines[number]
            break
    if frame.standfirst and _key(frame.standfirst) not in _key(text):
        lines.insert(0, frame.standfirst)
    return "\n".join(lines)


def _is_headline(line: str, titles: frozenset[str]) -> bool:
    if not line:
        return False
    if line in titles:
        return True
    return line.count(" ") + 1 >= HEADLINE_WORDS and any(title.startswith(f"{line} ") for title in titles)


def _standfirst(tree: HtmlElement) -> str | None:
    descriptions = [key for key in map(_key, tree.xpath(DESCRIPTIONS)) if key.count(" ") + 1 >= STANDFIRST_WORDS]
    if not descriptions:
        return None
    for element in tree.iter(*STANDFIRST_TAGS):
        if any(child.tag in CONTAINER_CHILDREN for child in element):
            continue
        text = " ".join(element.text_content().split())
        if len(text) <= STANDFIRST_CHARS and _describes(_key(text), descriptions):
            return None if any(parent.tag in ELSEWHERE for parent in element.iterancestors()) else text
    return None


def _describes(line: str, descriptions: list[str]) -> bool:
    return line.count(" ") + 1 >= STANDFIRST_WORDS and any(
        line.startswith(description) or description.startswith(line) for description in descriptions
    )


def _key(text: str) -> str:
    """Return the words of a text and nothing else, so that typography makes no difference."""
    return " ".join(WORD.findall(text.lower()))
