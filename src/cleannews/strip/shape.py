"""Shape: what a line looks like, whatever its words and language."""

from __future__ import annotations

import re

LONGEST_HEADLINE = 200
"""Characters. Headlines and teasers of one line stay below it; paragraphs of news seldom do."""

PROSE_CHARACTERS = 140
"""A line of this length that ends like a sentence is the running text of a story."""

_SENTENCE_END = re.compile(r"[.!;:。！][\"')\]]*$")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)$")


def is_headline(block: str) -> bool:
    """Return whether a block reads like a headline or a link: one short line that does not end like a sentence."""
    if len(block) > LONGEST_HEADLINE:
        return False
    return bool(_CUT_OFF.search(block)) or not _SENTENCE_END.search(block)


def is_prose(block: str) -> bool:
    """Return whether a block reads like a paragraph of the story."""
    return len(block) >= PROSE_CHARACTERS and bool(_SENTENCE_END.search(block))
