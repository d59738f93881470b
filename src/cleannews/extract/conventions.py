"""What pages call the parts of themselves, as `conventions.toml` lists it: names of elements to kinds of parts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

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
PROPERTY = re.compile(r"(?:tag|category|has|status|format|type|no|with|is)-.")
NO_LETTERS = re.compile(r"[^a-z]")
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
# Attributes that say that an element is not shown.
HIDING = frozenset(("hidden", "style", "aria-hidden"))
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
            kinds |= _names[value]
        elif name in HIDING and (
            name == "hidden"
            or (name == "style" and HIDING_STYLE.search(value))
            or (name == "aria-hidden" and value == "true")
        ):
            kinds |= HIDDEN
    return kinds


@cache
def kind_numbers(kinds: int) -> tuple[int, ...]:
    """Return the places in `KINDS` of the kinds that these bits stand for."""
    return tuple(number for number in range(len(KINDS)) if kinds >> number & 1)


class _Remembered(dict[str, int]):
    """What a function says of the names that it was asked about last. Names come again, and finding out takes long."""

    def __init__(self, kinds_of: Callable[[str], int]) -> None:
        super().__init__()
        self._kinds_of = kinds_of

    def __missing__(self, name: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        kinds = self._kinds_of(name)
        if len(name) <= NAME_CHARS:
            self[name] = kinds
        return kinds


def _kinds_of_name(name: str) -> int:
    kinds = NO_KINDS
    for part in name[:NAME_CHARS].split():
        kinds |= _parts[part]
    return kinds


def _kinds_of_part(part: str) -> int:
    """Return the kinds that one of an element's classes speaks of."""
    if PROPERTY.match(part):
        return NO_KINDS
    kinds = NO_KINDS
    words = _words()
    for match in WORD.findall(part):
        kinds |= words.get(match.lower(), NO_KINDS)
    joined = NO_LETTERS.sub("", part.lower())
    if len(joined) >= STEM_CHARS:
        for stem in _stem_search().find_matches_as_indexes(joined, overlapping=True):
            kinds |= _STEMS[stem[0]][1]
    return kinds


@cache
def _stem_search() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick  # loaded for pages only  # noqa: PLC0415

    return AhoCorasick([stem for stem, _ in _STEMS])


_names = _Remembered(_kinds_of_name)
_parts = _Remembered(_kinds_of_part)
