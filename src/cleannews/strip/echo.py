"""Echoes: how much of a unit's wording the text around it takes up.

A sub-heading is about the paragraph below it, and an item of a list about the story; the headline of another story
shares at most its topic. Words are compared by how they begin, so that endings do not matter.
"""

from __future__ import annotations

import re

from cleannews.strip.units import Unit

STEM = 5
"""Characters by which words are compared; shorter words say little."""

NEAR = 600
"""Characters before and behind a unit that are near it."""

FAR = 20_000
"""Characters before and behind it in which it is looked for at all: more than most articles have, and a bound for
books."""

NOTHING = (-1.0, -1.0, -1.0, 0)
"""What is said of a unit without longer words."""

_WORD = re.compile(rf"[^\W\d_]{{{STEM},}}|\d{{2,}}")
"""Words that carry content, most of them: no list of stop words is needed for that in any language."""


def echo(lowered: str, start: int, unit: Unit) -> tuple[float, float, float, int]:
    """Return how a unit is echoed.

    Args:
        lowered: the folded text in lower case.
        start: where the text begins in it.
        unit: the unit.

    Returns:
        Shares of its longer words that the text near behind it, near before it, and anywhere else takes up, and how
        many these words are; -1 for the shares if there are none.
    """
    own = _stems(lowered, unit.start, min(unit.end, unit.start + NEAR))
    if not own:
        return NOTHING
    behind = own & _stems(lowered, unit.end, unit.end + NEAR)
    before = own & _stems(lowered, max(start, unit.start - NEAR), unit.start)
    far = [stem for stem in own - behind - before if _occurs(lowered, start, unit, stem)]
    count = len(own)
    return len(behind) / count, len(before) / count, (len(behind | before) + len(far)) / count, count


def _stems(lowered: str, start: int, end: int) -> set[str]:
    """Return the beginnings of the longer words of a stretch of text in lower case."""
    return {word[:STEM] for word in _WORD.findall(lowered, start, end)}


def _occurs(lowered: str, start: int, unit: Unit, stem: str) -> bool:
    before = lowered.find(stem, max(start, unit.start - FAR), unit.start)
    return before >= 0 or lowered.find(stem, unit.end, unit.end + FAR) >= 0
