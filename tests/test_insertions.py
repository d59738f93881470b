"""Copy put between any two paragraphs of a story may cost none of the story: the negative cases, with a line set in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casebook import Kind, read_cases
from cleannews import Cleaner

CLEANER = Cleaner()
STORIES = [case for case in read_cases() if case.kind is Kind.NEGATIVE]
COPY = (
    "Advertisement",
    "Sign up for our free daily newsletter.",
    "Read more: Life next to the quarry",
    "Share this article",
    "You have two free articles left. Subscribe now for unlimited access.",
    "Support local journalism. Please donate today.",
    "Download our app for the latest news.",
    "© 2025 The Morning Example. All rights reserved.",
)

MOST_HARMED = {"\n\n": 0.015, " ": 0.11}
"""Share of the texts that may lose anything of the story: the stories were written to be mistaken, and lines such as
"Friday 6" next to copy are beyond what can be told for certain. Measured: 0.003 in paragraphs, 0.108 on one line, where
a story of a few sentences has nothing but its words to be known by."""

FEWEST_CLEANED = {"\n\n": 0.95, " ": 0.75}
"""Share of the texts whose line must be gone: else keeping everything would do.

On one line nothing tells where a headline after "Read more:" ends, and keeping it is right.
"""


@pytest.mark.parametrize("gap", ["\n\n", " "], ids=["in paragraphs", "on one line"])
def test_copy_goes_and_the_story_stays(gap: str) -> None:
    harmed: list[str] = []
    left = count = 0
    for name, copy, paragraphs, raw in texts(gap):
        text = CLEANER.clean(raw).text
        count += 1
        lost = [paragraph for paragraph in paragraphs if paragraph not in text]
        if lost:
            harmed.append(f"{name}, {copy!r}: {lost}")
        left += copy in text
    assert len(harmed) <= MOST_HARMED[gap] * count, f"{len(harmed)} of {count}:\n" + "\n".join(harmed[:40])
    assert left <= (1 - FEWEST_CLEANED[gap]) * count, f"the line stayed in {left} of {count}"


def texts(gap: str) -> Iterator[tuple[str, str, list[str], str]]:
    """Yield (name, copy, paragraphs of the story, text) of every story with every line at every place."""
    for story in STORIES:
        paragraphs = [" ".join(part.split()) if gap == " " else part for part in story.raw.split("\n\n")]
        for place in range(len(paragraphs) + 1):
            for copy in COPY:
                yield story.id, copy, paragraphs, gap.join([*paragraphs[:place], copy, *paragraphs[place:]])
