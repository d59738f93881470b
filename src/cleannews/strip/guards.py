"""Guards: what looks like boilerplate line by line and is the article's own.

The model weighs words, and a program, a table, a sub-heading or the members of a board have words of all kinds. These
guards look at how lines are built instead, and only spare what no rule knows for boilerplate.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import dropwhile, takewhile

from cleannews.document import Label
from cleannews.strip.evidence import Scan
from cleannews.strip.scorer import Scored
from cleannews.strip.shape import is_prose

SUB_HEADING_WORDS = 2
"""A line of so few words between paragraphs may be a sub-heading as well as a button ("Facebook", "Newsletter")."""

SURE_BUTTON = 0.97
"""Probability from which it is a button all the same ("Advertisement")."""

TABLE_NUMBERS = 3
"""A line with so many numbers is a row of a table, if they are half of its words."""

LONGEST_CODE = 120
"""Characters of a line of a program."""

_CODE = re.compile(r"[;{}]$|^[})\]]|\w\(.*\)[:;]?$")
"""How lines of programs end and begin. The model knows nothing of programs and tables."""

_MARKS = ".,:;()[]%+-/x"

LIST_LINES = 4
"""Lines side by side that make a list."""

ALIKE = 0.7
"""Share of the lines of a list that must be built alike for it to be a list of one kind of thing."""

CONTENTS_LINES = 3
"""Lines that stand together and once more each above a paragraph of its own: a table of contents and its headings."""

INTRODUCTION_WORDS = 3
"""Words that introduce a list, at least: fewer are a label such as "Read more:"."""

_INTRODUCES = (":", "：")

_NAME = re.compile(r"[\"'(]?[^\W\d_a-zß-öø-ÿ][^\s,]*(?: [^\s,]+){1,4}, (?=\w)")
"""A name of two to five words and what its bearer does: the item of a list of members, guests or authors."""

_ATTRIBUTION = re.compile(
    r"[-~]\s?[A-ZÀ-Þ][\w.']+(?: (?:al-|bin |d[aeiou]s? |v[ao]n )?[A-ZÀ-Þ][\w.']*){1,3}(?:,| (?:in|on|to) |\.?$)"
)
"""A dash, a name, and who that is or where it was said: it stands under the words of others."""

_AMOUNT = re.compile(
    r"[$€£¥₹]\s?\d[\d.,]*\)?$|\d\s?(?:[€£%$¥₹]|(?i:eur|euros?|dollars?|per ?cent|prozent|kr|zł))\.?\)?$"
)
"""A line that ends with a price or a share."""


def spared(scan: Scan, units: Sequence[Scored], going: Iterable[int]) -> set[int]:
    """Return the numbers of the units that stay whatever the model says, of those that would go."""
    going = set(going)
    kept = {at for at in going if is_code_or_table(scan, units[at]) or _is_sub_heading(scan, units[at])}
    kept |= {at for at in going if _is_of_the_story(scan, units[at])}
    runs = list(_runs(units))
    listed = going & {*_lists(scan, units, runs), *_contents(scan, units, runs), *_introduced(scan, units, runs, going)}
    return kept | {at for at in listed if units[at].view.verdict != "r"}


def is_code_or_table(scan: Scan, scored: Scored) -> bool:
    """Return whether a unit that no rule knows is a line of a program or a row of a table."""
    if scored.view.verdict == "r":
        return False
    words = scan.text[scored.unit.start : scored.unit.end].split()
    numbers = sum([word.strip(_MARKS).isdigit() for word in words])
    if numbers >= TABLE_NUMBERS and 2 * numbers >= len(words):
        return True
    block = scored.unit.block
    beside = [scan.block_text(scan.blocks[at]) for at in (block - 1, block + 1) if 0 <= at < len(scan.blocks)]
    return any(len(line) <= LONGEST_CODE and _CODE.search(line) for line in beside)


def _is_sub_heading(scan: Scan, scored: Scored) -> bool:
    """Return whether a unit may as well be a sub-heading: one or two words between two paragraphs of prose."""
    unit = scored.unit
    if unit.pieces > 1 or scored.view.words > SUB_HEADING_WORDS or scored.view.ending != "a":
        return False
    if Label.AD in scored.view.ruled:  # no story has a sub-heading "Advertisement"
        return False
    return scored.probability < SURE_BUTTON and _stands_between_prose(scan, unit.block)


def _is_of_the_story(scan: Scan, scored: Scored) -> bool:
    """Return whether a unit that no rule cuts corrects the story, or says whose words stand above it."""
    if scored.view.verdict == "r":
        return False
    names = _ATTRIBUTION.match(scan.text, scored.unit.start, scored.unit.end)
    return bool(names) or scan.rules.corrections.occur_in(scored.view.lowered)


def _stands_between_prose(scan: Scan, block: int) -> bool:
    blocks = scan.blocks
    return 0 < block < len(blocks) - 1 and all(is_prose(scan.block_text(blocks[block + step])) for step in (-1, 1))


def _runs(units: Sequence[Scored]) -> Iterator[list[int]]:
    """Yield the numbers of units that are whole blocks and stand side by side."""
    run: list[int] = []
    for at, scored in enumerate(units):
        if run and (scored.unit.pieces > 1 or scored.unit.block != units[run[-1]].unit.block + 1):
            yield run
            run = []
        if scored.unit.pieces == 1:
            run.append(at)
    if run:
        yield run


def _lists(scan: Scan, units: Sequence[Scored], runs: Sequence[list[int]]) -> Iterator[int]:
    """Yield the units of lists whose items are built alike: names with functions, or things with amounts."""
    for run in runs:
        unknown = [at for at in run if not units[at].view.verdict]
        for kind in (_NAME.match, _AMOUNT.search):
            items = [at for at in unknown if kind(scan.text, units[at].unit.start, units[at].unit.end)]
            if len(items) >= LIST_LINES and len(items) >= ALIKE * (
                unknown.index(items[-1]) - unknown.index(items[0]) + 1
            ):
                yield from (at for at in unknown if items[0] <= at <= items[-1])


def _introduced(
    scan: Scan, units: Sequence[Scored], runs: Sequence[list[int]], going: Collection[int]
) -> Iterator[int]:
    """Yield the units of lists that a line of the story introduces: "Those who signed the letter:"."""
    doubted = {scored.unit.block for at, scored in enumerate(units) if at in going or scored.view.verdict in ("r", "l")}
    for run in runs:
        behind = dropwhile(lambda at: not _is_introduced(scan, units[at].unit.block, doubted), run)
        items = list(takewhile(lambda at: not is_prose(scan.block_text(scan.blocks[units[at].unit.block])), behind))
        if len(items) >= LIST_LINES:
            yield from (at for at in items if units[at].view.verdict != "l")


def _is_introduced(scan: Scan, block: int, doubted: Collection[int]) -> bool:
    """Return whether a block stands under a line of the story that introduces a list."""
    return block > 0 and block - 1 not in doubted and _introduces(scan.block_text(scan.blocks[block - 1]))


def _introduces(line: str) -> bool:
    return line.endswith(_INTRODUCES) and len(line.split()) >= INTRODUCTION_WORDS


def _contents(scan: Scan, units: Sequence[Scored], runs: Sequence[list[int]]) -> Iterator[int]:
    """Yield the units of a table of contents, and the headings it lists."""
    lines = {at: scored.view.lowered for at, scored in enumerate(units) if scored.unit.pieces == 1}
    count = Counter(lines.values())
    headings = {line for at, line in lines.items() if count[line] > 1 and is_prose(_text_behind(scan, units[at]))}
    for run in runs if headings else ():
        listed = [lines[at] for at in run if lines[at] in headings]
        if len(listed) >= CONTENTS_LINES:
            yield from (at for at, line in lines.items() if line in listed)


def _text_behind(scan: Scan, scored: Scored) -> str:
    block = scored.unit.block + 1
    return scan.block_text(scan.blocks[block]) if block < len(scan.blocks) else ""
