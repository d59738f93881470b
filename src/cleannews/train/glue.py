"""Copy set into articles the way scrapes do it, so that the model learns copy glued to reporting.

Scrapes lose line breaks: copy then stands before, behind or inside a paragraph of the story, often without an end mark
between.
Every article takes copy of its own fold of publishers alone, so that a held-out fold stays unseen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from cleannews.train.data import Text, fold_of

PIECES = (1, 2, 3)
"""How many pieces of copy an article takes."""

LONG_PARAGRAPH = 60
"""Copy is glued to paragraphs of so many characters: shorter ones are lines of their own."""

LONGEST_COPY = 900
"""Longer copy is a page of its own, not a piece glued to a story."""

FEWEST = 2
"""Paragraphs that an article must have to take copy: a shorter one would be mostly copy."""

KEEPS_BREAKS = 0.3
"""Share of the pieces that keep their line breaks."""

SENTENCE_END = re.compile(r"[.!?][\"”’)]* (?=[\"“A-ZÀ-Þ])")
"""Where a sentence ends and another begins behind it."""

_PARAGRAPH = re.compile(r"[^\n]+")


def glued(documents: Sequence[Text], copy: Sequence[Text], folds: int, seed: int) -> Iterator[Text]:
    """Yield each document that has paragraphs to glue to with pieces of copy set in."""
    source = random.Random(seed)
    pools: dict[int, list[Text]] = {}
    for piece in copy:
        if len(piece.text) <= LONGEST_COPY and piece.spans:
            pools.setdefault(fold_of(piece.publisher, folds), []).append(piece)
    for document in documents:
        pool = pools.get(fold_of(document.publisher, folds), [])
        paragraphs = [m.span() for m in _PARAGRAPH.finditer(document.text) if m.end() - m.start() >= LONG_PARAGRAPH]
        if len(paragraphs) >= FEWEST and pool:
            chosen = source.sample(paragraphs, min(len(paragraphs), source.choice(PIECES)))
            for span in sorted(chosen, reverse=True):
                document = _set_in(document, span, source.choice(pool), source)  # noqa: PLW2901
            yield document


def _set_in(document: Text, paragraph: tuple[int, int], copy: Text, source: random.Random) -> Text:
    """Return a document with a piece of copy set into or beside one of its paragraphs."""
    start, end = paragraph
    text = document.text
    piece = copy.text if source.random() < KEEPS_BREAKS else " ".join(copy.text.split())
    way = source.choice(("before", "behind", "inside", "own"))
    at = start if way == "before" else end
    if way == "inside":
        ends = [match.end() for match in SENTENCE_END.finditer(text, start, end)]
        at = source.choice(ends) if ends else start
    before, after = {"own": ("\n\n", ""), "behind": (" ", "")}.get(way, ("", " "))
    size = len(before) + len(piece) + len(after)
    moved = [(s + size * (s >= at), e + size * (e > at), label) for s, e, label in document.spans]
    span = (at + len(before), at + len(before) + len(piece), copy.spans[0][2])
    return Text(document.publisher, "glued", text[:at] + before + piece + after + text[at:], sorted([*moved, span]))
