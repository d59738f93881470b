"""The trained scorer, piece by piece: units, hashed features, levels."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from casebook import Kind, read_cases
from cleannews import Cleaner
from cleannews.document import Level
from cleannews.rules import RuleBook
from cleannews.strip.evidence import Scan
from cleannews.strip.fold import fold
from cleannews.strip.linear import SCALE, SLOTS, Linear, slots_of
from cleannews.strip.scorer import MODEL, REST, WEIGHTS
from cleannews.strip.segment import sentences_of
from cleannews.strip.units import Cutter

PROSE = (
    "The council voted on Monday night to close the old bridge for repairs that will take until the autumn. "
    "Buses will go round by the mill, and the ferry will run twice an hour, the harbor master said."
)
CUTTER = Cutter({"newsletter": 3.0, "subscribe": 3.0}, 2.5)
NO_RULES = RuleBook([], list)


def units(text: str) -> list[str | None]:
    scan = Scan(fold(text), NO_RULES.english)
    found = CUTTER.sequence(scan, [], [])
    return [None if unit is None else scan.text[unit.start : unit.end] for unit in found]


def test_plain_prose_is_one_quiet_item_however_long() -> None:
    assert units("\n\n".join([PROSE] * 5)) == [None]


def test_a_short_line_is_a_unit() -> None:
    assert units(f"{PROSE}\n\nShare this\n\n{PROSE}") == [None, "Share this", None]


def test_a_paragraph_with_a_word_of_copy_is_looked_at_sentence_by_sentence() -> None:
    copy = "Subscribe to our newsletter and never miss a story about the bridge, the river or the mill again."
    assert copy in units(f"{PROSE} {copy}")


def test_a_story_glued_to_copy_without_a_mark_begins_a_unit() -> None:
    found = units(f"Subscribe to the newsletter {PROSE} {PROSE}")
    assert found[0] == "Subscribe to the newsletter"


def test_slots_are_the_same_everywhere() -> None:
    assert slots_of(["w:read", "w:more", "w:read"]) == {4117209734 % SLOTS, 3865186717 % SLOTS}


def test_a_linear_model_adds_up() -> None:
    weights = [0] * SLOTS
    weights[7], weights[9] = 3 * SCALE, -SCALE
    assert Linear(weights, SCALE // 2).score([7, 9, 11]) == 2.5


def test_the_model_is_small_and_holds_words_but_no_text() -> None:
    folder = files("cleannews.strip") / MODEL
    data = (folder / REST).read_text(encoding="utf-8")
    assert len(data.encode()) + len((folder / WEIGHTS).read_bytes()) < 5_000_000
    signs = json.loads(data)["signs"]
    assert signs
    assert not [word for word in signs if " " in word]


@pytest.mark.parametrize(("less", "more"), [(Level.CAREFUL, Level.STANDARD), (Level.STANDARD, Level.THOROUGH)])
def test_a_bolder_level_removes_no_less(less: Level, more: Level) -> None:
    careful, bold = Cleaner(level=less), Cleaner(level=more)
    cases = [case for case in read_cases() if case.kind is Kind.IN_THE_WILD]
    kept = [(len(careful.clean(case.raw).text), len(bold.clean(case.raw).text)) for case in cases]
    assert sum(after for _, after in kept) <= sum(before for before, _ in kept)


def test_a_quotation_of_many_sentences_is_cut_at_them() -> None:
    speech = " ".join(f"Our bridge number {number} will be painted before the winter comes." for number in range(40))
    folded = fold(f"“{speech}” With that the mayor sat down.").text
    assert max(sentence.end - sentence.start for sentence in sentences_of(folded, 0, len(folded))) < 100
