"""What is known of each block of a page, as numbers for the model that tells the article from the rest.

Nothing here names a publisher or a language. A block is described by what it reads like, by what its
containers are called and hold, by the blocks before and after it, by the blocks that are built alike,
and by what the page says of its own story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_letters, ascii_uppercase
from string import digits as ascii_digits

from cleannews.extract.blocks import FAR, Block, Container
from cleannews.extract.conventions import KINDS, NO_KINDS

WORD = re.compile(r"\w+")
# Runs of so many words tell whether two texts are the same; the same length as extraction is measured with.
SHINGLE_WORDS = 4
# Elements that are told apart, by number; others are 0.
TAGS = (
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "td", "tr", "th", "blockquote", "pre", "figcaption", "dd", "dt",
    "section", "article", "header", "footer", "button", "nav", "aside", "summary", "main", "body", "caption", "ul",
)  # fmt: skip
TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS, 1)}
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
LETTERS, CAPITALS, DIGITS = ascii_letters.encode(), ascii_uppercase.encode(), ascii_digits.encode()
ASCII = re.compile(r"[\x00-\x7f]+")
SENTENCE_ENDS = frozenset(".!?…。！？\"”»“’'）)")
SENTENCE_END = re.compile(r"[.!?…](?=[\s\"”»’')]|$)|[。！？]")
# The article's core is the innermost container that holds this share of the page's running text.
CORE_SHARE = 0.6
# How many containers outwards are described.
LEVELS = 4
# Outside the core, a block with a larger share of links than this is navigation: in the development pages,
# less than 1 % of the articles' words stand in such blocks.
LINKS_ONLY = 0.85
RELATED = KINDS.index("related")
# Stands for what there is none of.
NONE = -1.0


@dataclass(frozen=True, slots=True)
class Claims:
    """What a page says of its own story, as texts.

    Attributes:
        titles: its headline and titles.
        descriptions: its summaries, for search engines and shared links.
        body: the whole story, where the page states it in its data.
    """

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    body: str | None = None


def words_of(text: str) -> list[str]:
    """Return the words of a text, so that typography and case make no difference."""
    return WORD.findall(text.lower())


def shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the runs of four words; of a shorter text, the whole."""
    if len(words) < SHINGLE_WORDS:
        return {tuple(words)} if words else set()
    return set(zip(*(words[offset:] for offset in range(SHINGLE_WORDS)), strict=False))


def share_within(words: Sequence[str], whole: set[tuple[str, ...]]) -> float:
    """Return the share of a block's runs of words that are in a text; for a block too short to tell, `NONE`."""
    if len(words) < SHINGLE_WORDS:
        return NONE
    own = shingles(words)
    return len(own & whole) / len(own)


def describe(blocks: Sequence[Block], claims: Claims) -> list[list[float] | None]:
    """Return a row of numbers for each block, in the order of `NAMES`; None for one surely not the article's."""
    page = _Page(blocks, claims)
    return [page.row(number) for number in range(len(blocks))]


OWN_NAMES = (
    "tag", "parent_tag", "words", "link_share", "characters_per_word", "sentence_ends", "ends_sentence", "starts_lower",
    "capital_share", "digit_share", "has_copyright", "has_address", "has_bar", "ends_colon", "commas", "question",
    "marked_share", "repeats", "title_share", "is_title", "description_share", "description_start", "body_share",
    "has_inline_kind",
    *(f"kind_{kind}" for kind in KINDS),
    "position", "words_before", "words_total", "blocks_total", "prose_total", "page_link_share", "depth",
    "after_title", "from_core_start", "from_core_end", "in_core", "to_core", "since_prose", "until_prose",
    "links_since_prose",
    "steps_to_last_prose", "steps_to_next_prose", "steps_to_title", "last_heading_links",
    *(f"{name}_{level}" for level in range(LEVELS) for name in ("share", "links", "prose", "blocks")),
    "alike_blocks", "alike_words", "alike_mean", "alike_links", "alike_prose", "alike_ends",
    "description_known", "body_known",
)  # fmt: skip
NEIGHBOUR_NAMES = ("tag", "words", "link_share", "ends_sentence", "kinship", "kind_related")
NAMES = (
    *OWN_NAMES,
    *(f"{name}{side}" for side in ("_before", "_after") for name in NEIGHBOUR_NAMES),
)
"""What each number is, for the model's file and for whoever reads it."""


class _Page:
    """The blocks of one page with what must be known of all of them to describe each."""

    def __init__(self, blocks: Sequence[Block], claims: Claims) -> None:
        self.blocks = blocks
        self.words = [words_of(block.text) for block in blocks]
        self.root = next(iter(blocks[0].container.around()), None) if blocks else None
        self.total = max(1, sum(block.words for block in blocks))
        self.prose = max(1, sum(block.words for block in blocks if block.is_prose))
        self.link_share = sum(block.link_words for block in blocks) / self.total
        self.before = list(accumulate((block.words for block in blocks), initial=0))
        self.repeats = Counter(block.text for block in blocks)
        self.titles = [words for title in claims.titles if (words := words_of(title))]
        self.title_words = set().union(*self.titles)
        self.descriptions = [words for text in claims.descriptions if len(words := words_of(text)) >= SHINGLE_WORDS]
        self.description = set().union(*(shingles(words) for words in self.descriptions))
        self.body = shingles(words_of(claims.body)) if claims.body else set()
        self.title_at = self._title_at()
        self.core = _core(blocks)
        self._steps_to_core: dict[int, int] = {}
        self._core_path = frozenset(id(container) for container in self.core.around()) if self.core else frozenset()
        inside = [
            number for number, block in enumerate(blocks) if self._to_core(block.container) == 0 and block.is_prose
        ]
        self.core_start, self.core_end = (inside[0], inside[-1]) if inside else (0, len(blocks) - 1)
        self.since, self.links_since = _since_prose(blocks)
        self.until, _ = _since_prose(blocks[::-1])
        self.until.reverse()
        self.alike = _alike(blocks)
        self.last_prose = _last_prose(blocks, range(len(blocks)))
        self.next_prose = _last_prose(blocks, range(len(blocks) - 1, -1, -1))
        self.next_prose.reverse()
        self.heading_links = _heading_links(blocks)

    def _title_at(self) -> int | None:
        for tags in (("h1",), ("h1", "h2", "h3", "div", "span", "p")):
            for number, block in enumerate(self.blocks):
                if block.container.tag in tags and self._is_title(number):
                    return number
        return next((number for number, block in enumerate(self.blocks) if block.container.tag == "h1"), None)

    def _is_title(self, number: int) -> bool:
        words = self.words[number]
        return len(words) > 1 and any(words == title[: len(words)] for title in self.titles)

    def _to_core(self, container: Container) -> int:
        """Return how many containers outwards the core's own is reached: 0 inside the core."""
        known = self._steps_to_core.get(id(container))
        if known is None:
            known = self._steps_to_core[id(container)] = self._count_to_core(container)
        return known

    def _count_to_core(self, container: Container) -> int:
        if container is self.core:
            return 0
        if id(container) in self._core_path:
            return 1
        outwards = self._to_core(container.parent) if container.parent else FAR
        return outwards + 1 if 0 < outwards < FAR else outwards

    def row(self, number: int) -> list[float] | None:
        """Return the numbers of one block, or None if it is outside the core and hardly anything but links."""
        block = self.blocks[number]
        to_core = self._to_core(block.container)
        if (to_core > 0 and block.link_words > LINKS_ONLY * block.words) or (to_core > 1 and block.words < 2):
            return None
        return [
            *_reading(block),
            self.repeats[block.text],
            *self._claimed(number),
            float(block.kinds != NO_KINDS),
            *block.container.distances,
            *self._place(number, to_core),
            *self._levels(block.container),
            *self.alike[number],
            float(bool(self.descriptions)),
            float(bool(self.body)),
            *self._neighbours(number),
        ]

    def _claimed(self, number: int) -> Iterable[float]:
        words = self.words[number]
        in_title = sum(map(self.title_words.__contains__, words)) / max(1, len(words)) if self.title_words else NONE
        start = any(words[:8] == description[:8] for description in self.descriptions if len(words) >= 6)
        return (
            in_title,
            float(self._is_title(number)),
            share_within(words, self.description) if self.description else NONE,
            float(start),
            share_within(words, self.body) if self.body else NONE,
        )

    def _place(self, number: int, to_core: int) -> Iterable[float]:
        block = self.blocks[number]
        count = len(self.blocks)
        return (
            number / count,
            self.before[number] / self.total,
            float(self.total),
            float(count),
            self.prose / self.total,
            self.link_share,
            float(block.container.depth),
            -99.0 if self.title_at is None else float(max(-50, min(50, number - self.title_at))),
            float(max(-50, min(50, number - self.core_start))),
            float(max(-50, min(50, number - self.core_end))),
            float(to_core == 0),
            float(to_core),
            float(self.since[number]),
            float(self.until[number]),
            float(self.links_since[number]),
            self._steps(block.container, self.last_prose[number]),
            self._steps(block.container, self.next_prose[number]),
            self._steps(block.container, self.title_at),
            self.heading_links[number],
        )

    def _steps(self, container: Container, number: int | None) -> float:
        """Return how many containers outwards from a block another one is reached."""
        if number is None:
            return NONE
        other = self.blocks[number].container
        steps, inner = 0, container
        while inner is not other:
            if inner.depth >= other.depth:
                if inner.parent is None:
                    break
                inner, steps = inner.parent, steps + 1
            else:
                if other.parent is None:
                    break
                other = other.parent
        return float(min(steps, FAR))

    def _levels(self, container: Container) -> Iterable[float]:
        values: list[float] = []
        outer: Container | None = container
        for _ in range(LEVELS):
            if outer is None or not outer.words:
                values += (1.0, self.link_share, 1.0, 50.0)
                continue
            values += (
                outer.prose_words / self.prose,
                outer.link_words / outer.words,
                outer.prose_words / outer.words,
                float(min(50, outer.blocks)),
            )
            outer = outer.parent
        return values

    def _neighbours(self, number: int) -> Iterable[float]:
        """Return the numbers of the blocks around one."""
        container = self.blocks[number].container
        values: list[float] = []
        for other in (number - 1, number + 1):
            if 0 <= other < len(self.blocks):
                block = self.blocks[other]
                values += (
                    float(TAG_NUMBERS.get(block.container.tag, 0)),
                    float(block.words),
                    block.link_words / block.words,
                    float(block.text[-1] in SENTENCE_ENDS),
                    _kinship(container, block.container),
                    float(block.container.distances[RELATED]),
                )
            else:
                values += (NONE, 0.0, NONE, NONE, NONE, NONE)
        return values


def _kinship(one: Container, other: Container) -> float:
    if one is other:
        return 2.0
    return 1.0 if one.parent is other.parent else 0.0


def _reading(block: Block) -> Iterable[float]:
    text, words = block.text, block.words
    letters, capitals, digits = _counted(text)
    return (
        float(TAG_NUMBERS.get(block.container.tag, 0)),
        float(TAG_NUMBERS.get(block.container.parent.tag, 0)) if block.container.parent else 0.0,
        float(words),
        block.link_words / words,
        len(text) / words,
        float(len(SENTENCE_END.findall(text))),
        float(text[-1] in SENTENCE_ENDS),
        float(text[0].islower()),
        capitals / (letters or 1),
        digits / len(text),
        float("©" in text),
        float("@" in text),
        float("|" in text or "·" in text or "•" in text),
        float(text[-1] in ":："),
        text.count(",") / words,
        float(text[-1] in "?？"),
        sum(len(run.text) for run in block.runs if run.mark) / len(text),
    )


def _counted(text: str) -> tuple[int, int, int]:
    """Return how many letters, capitals and digits a text has; those of ASCII, nearly all, are counted at once."""
    plain = text.encode("ascii", "ignore")
    other = "" if len(plain) == len(text) else ASCII.sub("", text)
    digits = len(plain) - len(plain.translate(None, DIGITS))
    capitals = len(plain) - len(plain.translate(None, CAPITALS))
    letters = len(plain) - len(plain.translate(None, LETTERS))
    if other:
        letters += sum(map(str.isalpha, other))
        capitals += sum(map(str.isupper, other))
        digits += sum(map(str.isdigit, other))
    return letters, capitals, digits


def _core(blocks: Sequence[Block]) -> Container | None:
    """Return the innermost container that holds most of the page's running text."""
    total = sum(block.words for block in blocks if block.is_prose)
    best: Container | None = None
    for block in blocks:
        if not block.is_prose:
            continue
        for container in block.container.around():
            if best is not None and container.depth <= best.depth:
                break
            if container.prose_words >= CORE_SHARE * total:
                best = container
                break
    return best


def _since_prose(blocks: Sequence[Block]) -> tuple[list[int], list[int]]:
    """Return for each block how many blocks, and words in links, lie between it and the last running text."""
    distances, links = [], []
    distance, link_words = 50, 200
    for block in blocks:
        distance, link_words = min(50, distance + 1), min(200, link_words + block.link_words)
        distances.append(distance)
        links.append(link_words)
        if block.is_prose:
            distance = link_words = 0
    return distances, links


def _last_prose(blocks: Sequence[Block], numbers: Iterable[int]) -> list[int | None]:
    """Return for each block the number of the last running text that is passed before it."""
    last: int | None = None
    passed = []
    for number in numbers:
        passed.append(last)
        if blocks[number].is_prose:
            last = number
    return passed


def _heading_links(blocks: Sequence[Block]) -> list[float]:
    """Return for each block the share of links in the heading that it stands under."""
    share = NONE
    shares = []
    for block in blocks:
        if block.container.tag in HEADINGS:
            share = block.link_words / block.words
        shares.append(share)
    return shares


def _alike(blocks: Sequence[Block]) -> list[tuple[float, ...]]:
    """Return for each block what the blocks built like it are together: how many, how long, how much links."""
    groups: dict[tuple[str, ...], list[Block]] = {}
    keys = []
    for block in blocks:
        container, parent = block.container, block.container.parent
        key = (container.tag, container.name, parent.tag if parent else "", parent.name if parent else "")
        groups.setdefault(key, []).append(block)
        keys.append(key)
    total = max(1, sum(block.words for block in blocks))
    described = {}
    for alike, members in groups.items():
        words = sum(block.words for block in members)
        described[alike] = (
            float(len(members)),
            words / total,
            words / len(members),
            sum(block.link_words for block in members) / words,
            sum(block.words for block in members if block.is_prose) / words,
            sum(block.text[-1] in SENTENCE_ENDS for block in members) / len(members),
        )
    return [described[key] for key in keys]
