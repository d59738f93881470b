"""What pages call the parts of themselves, as `conventions.toml` lists it: names of elements to kinds of parts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

# Attributes whose values name a part. The rest hold styles, addresses and data.
NAMING = (
    "class", "id", "role", "itemprop", "property", "data-component", "data-testid", "data-type", "data-module",
    "data-widget", "data-name", "data-qa", "data-block", "data-gu-name", "data-area", "data-track-label",
)  # fmt: skip
NAMING_SET = frozenset(NAMING)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# What these say of themselves holds for the whole page ("has-sidebar", "comments-open").
WHOLE_PAGE = frozenset(("html", "body", "main"))
# Classes that content systems add to a story's element and that speak of its properties, not of the element.
PROPERTIES = re.compile(r"(?:^|\s)(?:tag|category|has|status|format|type|no|with|is)-\S+")
# Shorter words have no stem inside them.
STEM_CHARS = 6
# Names come again and again within a site and across sites; a page has some hundreds.
REMEMBERED = 16_384
# Longer values are style sheets in disguise; the first words are the ones that people chose.
NAME_CHARS = 300

_TABLE = tomllib.loads((files("cleannews.extract") / "conventions.toml").read_text(encoding="utf-8"))

KINDS = tuple(_TABLE)
"""The kinds of parts, in the order of their bits."""
NO_KINDS = 0

_BITS = {kind: 1 << number for number, kind in enumerate(KINDS)}
_TAGS = {tag: _BITS[kind] for kind, entry in _TABLE.items() for tag in entry.get("tags", ())}
_STEMS = [(stem, _BITS[kind]) for kind, entry in _TABLE.items() for stem in entry.get("stems", ())]
HIDDEN = _BITS["hidden"]
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@cache
def _words() -> dict[str, int]:
    words: dict[str, int] = {}
    for kind, entry in _TABLE.items():
        for word in entry.get("words", ()):
            words[word] = words.get(word, 0) | _BITS[kind]
    return words


def kinds_of_element(tag: str, attributes: Iterable[tuple[str, str]]) -> int:
    """Return the kinds that an element with this name and these attributes says it is, as bits."""
    kinds = _TAGS.get(tag, NO_KINDS)
    if tag in WHOLE_PAGE:
        return kinds
    for name, value in attributes:
        if name in NAMING_SET:
            kinds |= kinds_of_name(value[:NAME_CHARS])
        elif (
            name == "hidden"
            or (name == "style" and HIDING_STYLE.search(value))
            or (name == "aria-hidden" and value == "true")
        ):
            kinds |= HIDDEN
    return kinds


@lru_cache(REMEMBERED)
def kinds_of_name(name: str) -> int:
    """Return the kinds that a class name, an id or the like speaks of, as bits."""
    kinds = NO_KINDS
    words = _words()
    name = PROPERTIES.sub(" ", name)
    for match in WORD.findall(name):
        kinds |= words.get(match.lower(), NO_KINDS)
    joined = re.sub(r"[^a-z ]", "", name.lower())
    if len(joined) >= STEM_CHARS:
        for stem, bit in _STEMS:
            if stem in joined:
                kinds |= bit
    return kinds
