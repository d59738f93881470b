"""Every rule of every pack is run over its own examples and counter-examples."""

from __future__ import annotations

from importlib.resources import files

import pytest

from cleannews.document import REMOVED_BY_DEFAULT, Label
from cleannews.rules import Rule, RuleBook
from cleannews.rules.pack import STRONG
from cleannews.rules.store import pack_names, read_packs
from cleannews.strip import strip
from cleannews.strip.evidence import Scan, find_evidence
from cleannews.strip.fold import fold

FOLDER = files("cleannews.rules") / "packs"
RULES = RuleBook(read_packs(FOLDER, pack_names(FOLDER)), list)
"""The rules of all languages for every text, so that none escapes the story around it, which is English."""

BEFORE = "The council voted on Tuesday to repair the old bridge over the river before the winter sets in."
AFTER = "Work is due to begin in March, and the road will be closed for eleven weeks, the mayor said."


def rules_that_see(text: str) -> set[str]:
    return {evidence.rule for evidence in find_evidence(Scan(fold(text), RULES.every))}


def examples(*, counter: bool = False) -> list[object]:
    return [
        pytest.param(rule, text, id=f"{rule.id}-{number}")
        for rule in RULES.rules
        for number, text in enumerate(rule.counter_examples if counter else rule.examples, 1)
    ]


@pytest.mark.parametrize(("rule", "text"), examples())
def test_example_is_found(rule: Rule, text: str) -> None:
    assert rule.id in rules_that_see(text)


@pytest.mark.parametrize(("rule", "text"), examples(counter=True))
def test_counter_example_is_left_alone(rule: Rule, text: str) -> None:
    assert rule.id not in rules_that_see(text)
    stripped = strip(f"{BEFORE}\n\n{text}\n\n{AFTER}", RULES, REMOVED_BY_DEFAULT)
    assert stripped.removals == ()


@pytest.mark.parametrize(("rule", "text"), [p for p in examples() if p.values[0].weight >= STRONG])  # type: ignore[attr-defined]
def test_strong_example_goes_and_the_story_stays(rule: Rule, text: str) -> None:
    stripped = strip(f"{BEFORE}\n\n{text}\n\n{AFTER}", RULES, frozenset(Label))
    gone = "".join(removal.text for removal in stripped.removals)
    assert gone
    assert BEFORE not in gone
    assert AFTER not in gone
