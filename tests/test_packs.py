"""Every rule of every pack is run over its own examples and counter-examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleannews import Cleaner
from cleannews.document import REMOVED_BY_DEFAULT, Label
from cleannews.rules import Rule, load_rules
from cleannews.rules.pack import STRONG
from cleannews.strip import strip
from cleannews.strip.evidence import Scan, rule_evidence
from cleannews.strip.fold import fold

RULES = load_rules()

BEFORE = "The council voted on Tuesday to repair the old bridge over the river before the winter sets in."
AFTER = "Work is due to begin in March, and the road will be closed for eleven weeks, the mayor said."


def rules_that_see(text: str) -> set[str]:
    return {evidence.rule for evidence in rule_evidence(Scan(fold(text), RULES))}


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


OWN_PACK = """
[pack]
language = "en"

[[rule]]
id = "promo.tide-tables"
label = "promo"
scope = "block"
reason = "The paper's own almanac, under every story."
match = ["buy the <outlet> tide tables<rest>"]
examples = ["Buy the Harbour Courier Tide Tables 2026 in our shop."]
counter-examples = ["He stopped to buy the tide tables, a tin of worms and a hat."]
"""


@pytest.mark.parametrize("story", [BEFORE, f"{BEFORE}\n\n{AFTER}", "The tide came in on Tuesday."])
def test_a_strong_rule_of_ones_own_is_enough_and_takes_no_more(tmp_path: Path, story: str) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(OWN_PACK, encoding="utf-8")
    cleaner = Cleaner(rules=[pack])
    line = "Buy the Harbour Courier Tide Tables 2026 in our shop."
    for raw in (f"{story}\n\n{line}", f"{line}\n\n{story}", f"{story}\n\n{line}\n\n{AFTER}"):
        article = cleaner.clean(raw)
        assert [removal.text.strip() for removal in article.removals] == [line]
        assert article.removals[0].rule == "promo.tide-tables"
