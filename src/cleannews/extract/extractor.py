"""The ways to find the text of a page, by name: all that is asked of them before a page comes."""

from __future__ import annotations

from enum import StrEnum


class Extractor(StrEnum):
    """How the text of a page is found."""

    AUTO = "auto"
    """Block by block, with trafilatura's advice where that is not sure."""
    RULES = "rules"
    """All the visible text, so that the rules do all the work."""
    TRAFILATURA = "trafilatura"
    """trafilatura alone."""
    SOUP = "soup"
    """The paragraphs of the article, or of the element that has most of them."""
