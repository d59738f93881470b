"""A line of an article's text, and the block of the page that it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from cleannews.extract.blocks import Block


@dataclass(frozen=True, slots=True)
class Line:
    """A block of the article and its place in the text.

    Attributes:
        start: offset of its first character in the page's text.
        end: offset after its last character.
        block: the block of the page.
        probability: how likely it is the article's own.
    """

    start: int
    end: int
    block: Block
    probability: float
