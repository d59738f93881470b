"""What stays although the model is sure of it: guards, asked about texts of which every line would go."""

from __future__ import annotations

import pytest

from cleannews.document import Label
from cleannews.rules import load_rules
from cleannews.strip.decide import decide
from cleannews.strip.evidence import Scan, find_evidence
from cleannews.strip.features import Voice, view_of
from cleannews.strip.fold import fold
from cleannews.strip.guards import spared
from cleannews.strip.scorer import Scored
from cleannews.strip.units import Unit

STORY = (
    "The board has until the end of the month to answer, and its chairman did not return three calls. "
    "Reached at his boat on Thursday, he said that he had not yet opened the envelope."
)
SURE = 0.9

KEPT = {
    "a list that the story introduces": (
        "Those who signed the letter are:",
        ["Worker Voices", "Equality Project", "Open Archives", "World Harbor Congress"],
    ),
    "names and what they do": (
        STORY,
        ["Ann Marsh, teacher", "Lou Pell, pilot", "Ida Moreau, nurse", "Karl Ott, retired"],
    ),
    "prices": (STORY, ["Wool hat, $18", "Felt slippers, $40", "Tin cup, $9.50", "Oil lamp, $75"]),
    "a correction": (STORY, ["An earlier version of this story gave the wrong year for the flood."]),
    "whose words stand above": (STORY, ["- Ann Corliss, The Rutland Ledger"]),
    "a sub-heading between paragraphs": (STORY, ["Low tide"]),
    "a row of a table": (STORY, ["Marrow Point 12 14 9 35"]),
    "a line of a program": (STORY, ["for (i = 0; i < n; i++) {", "total += prices[i];", "}"]),
}
GONE = {
    "a list under a line that goes itself": ("Read more:", ["Ferry runs again", "Mill sold", "Pell resigns", "Fog"]),
    "a short list under a colon": (
        "The board named these as the next steps:",
        ["Log in", "Sign up", "Menu of the day"],
    ),
    "an ad label between paragraphs": (STORY, ["Advertisement"]),
}


def kept_of(first: str, lines: list[str]) -> list[str]:
    """Return those of `lines` that stay, in a text of which all but the paragraphs would go."""
    rules = load_rules()
    folded = fold("\n\n".join([STORY, first, *lines, STORY]))
    scan = Scan(folded, rules.fitting(folded.lowered))
    evidence = find_evidence(scan)
    cuts = decide(scan, evidence, frozenset(Label))
    voice = Voice(scan.rules.reporting, scan.rules.address)
    units = []
    for block in scan.blocks:
        unit = Unit(block.start, block.end, block.index, 0, 1)
        inside = [item for item in evidence if item.block == block.index]
        ruled = [cut for cut in cuts if block.start <= cut.start < block.end]
        units.append(Scored(unit, view_of(scan, unit, inside, ruled, voice), 2.0, SURE, -5.0, set()))
    texts = [scan.block_text(block) for block in scan.blocks]
    going = [at for at, text in enumerate(texts) if text in lines or text == "Read more:"]
    return [texts[at] for at in sorted(spared(scan, units, going)) if texts[at] in lines]


@pytest.mark.parametrize(("first", "lines"), KEPT.values(), ids=KEPT)
def test_what_is_built_like_a_part_of_the_story_stays(first: str, lines: list[str]) -> None:
    assert kept_of(first, lines) == lines


@pytest.mark.parametrize(("first", "lines"), GONE.values(), ids=GONE)
def test_what_only_looks_so_goes(first: str, lines: list[str]) -> None:
    assert kept_of(first, lines) == []
