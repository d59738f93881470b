"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleannews import Cleaner, clean
from cleannews.cli import program
from cleannews.document import KEPT_BY_DEFAULT, Label

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BEFORE, AFTER = re.findall(r"^```text\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
(PACK,) = re.findall(r"^```toml\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
ALMANAC = "Buy the Harbour Courier Tide Tables 2026 in our shop."
FIRST = "The council voted on Tuesday to repair the old bridge over the river before the winter sets in."
LAST = "Work is due to begin in March, and the road will be closed for eleven weeks, the mayor said."


def test_before_becomes_after() -> None:
    assert clean(BEFORE).text.rstrip() == AFTER.rstrip()


def test_the_table_has_every_label_and_what_happens_to_it() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (removed|kept) \|$", README, re.MULTILINE)
    assert rows == [(str(label), "kept" if label in KEPT_BY_DEFAULT else "removed") for label in Label]


def test_every_option_that_is_named_exists() -> None:
    shown = CliRunner().invoke(program, ["--help"]).output
    section = README[README.index("## Command line") : README.index("## Python")]
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section))
    assert named
    assert {option for option in named if option not in shown} == set()


@pytest.mark.parametrize("story", [FIRST, f"{FIRST}\n\n{LAST}", "The tide came in on Tuesday."])
def test_a_strong_rule_of_ones_own_is_enough_and_takes_no_more(tmp_path: Path, story: str) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(PACK, encoding="utf-8")
    cleaner = Cleaner(rules=[pack])
    for raw in (f"{story}\n\n{ALMANAC}", f"{ALMANAC}\n\n{story}", f"{story}\n\n{ALMANAC}\n\n{LAST}"):
        article = cleaner.clean(raw)
        assert [removal.text.strip() for removal in article.removals] == [ALMANAC]
        assert article.removals[0].rule == "promo.tide-tables"
