"""Explain and diff, on articles that are made up here: what they show does not depend on any rule."""

from __future__ import annotations

import difflib
import random
import re

import pytest

from cleannews import report
from cleannews.document import Article, Label, Removal


def article(source: str, *cuts: tuple[str, Label]) -> Article:
    """An article from whose source each of the given pieces was cut."""
    removals: list[Removal] = []
    for text, label in cuts:
        start = source.index(text, removals[-1].end if removals else 0)
        removals.append(Removal(start, start + len(text), label, f"{label}.test", 0.9, text))
    return article_of(source, removals)


def article_of(source: str, removals: list[Removal]) -> Article:
    text = source
    for removal in reversed(removals):
        text = text[: removal.start] + text[removal.end :]
    return Article(text, source, tuple(removals))


STORY = "Please give.\n\nRain fell on the town.\n\nShare this\n"
CLEANED = article(STORY, ("Please give.\n\n", Label.APPEAL), ("\n\nShare this", Label.SOCIAL))


def test_explain_marks_each_removal_with_label_and_rule() -> None:
    assert report.explain(CLEANED) == (
        "⟦appeal appeal.test: Please give.⟧\n\n"
        "Rain fell on the town.\n\n"
        "⟦social social.test: Share this⟧\n"
        "-- removed 2 (26 of 49 characters): appeal 1, social 1\n"
    )


def test_explain_says_which_element_it_was() -> None:
    removal = Removal(9, 14, Label.SOCIAL, "social.test", 0.9, "Share", "div.tools > p")
    shown = report.explain(Article("It rained", "It rainedShare", (removal,)))
    assert "⟦social social.test in div.tools > p: Share⟧" in shown


def test_explain_says_that_nothing_was_removed() -> None:
    assert report.explain(Article("Rain fell.", "Rain fell.")) == "Rain fell.\n-- nothing removed\n"


def test_explain_of_an_empty_text() -> None:
    assert report.explain(Article("", "")) == "-- nothing removed\n"


def test_coloured_explain_paints_removals_and_leaves_the_rest_plain() -> None:
    shown = report.explain(CLEANED, color=True)
    assert "\x1b[1;31mPlease give.\x1b[0m " in shown
    assert "[appeal appeal.test]" in shown
    assert "\nRain fell on the town.\n" in shown


def test_coloured_explain_takes_markup_literally() -> None:
    shown = report.explain(
        article("[bold]Give[/bold] :smile: now. Rain.", ("[bold]Give[/bold] :smile: now.", Label.APPEAL)), color=True
    )
    assert "[bold]Give[/bold] :smile: now." in shown


def test_coloured_explain_paints_line_by_line() -> None:
    shown = report.explain(article("One\nTwo\nRain.", ("One\nTwo\n", Label.RELATED)), color=True)
    assert "\x1b[36mOne\x1b[0m\n\x1b[36mTwo\x1b[0m" in shown


def test_every_label_has_its_own_style() -> None:
    assert set(report.STYLES) == set(Label)
    assert len(set(report.STYLES.values())) == len(Label)


HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31mred\x00\x08\x7f\rover\x85 \t fine\r\n"


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("removed", [False, True])
def test_nothing_that_commands_a_terminal_gets_through(color: bool, removed: bool) -> None:
    source = f"{HOSTILE}Rain.\n"
    hostile = article(source, (HOSTILE, Label.AD)) if removed else article(f"{source}Ad\n", ("Ad\n", Label.AD))
    for shown in (report.explain(hostile, color=color), report.diff(hostile, HOSTILE, color=color)):
        without_colours = re.sub(r"\x1b\[[0-9;]+m", "", shown) if color else shown
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)", without_colours)
        assert "␛]0;title␇" in without_colours
        assert r"\x9b31m" in without_colours


def test_visible_keeps_tabs_and_line_ends() -> None:
    assert report.visible("a\tb\nc\r\nd\re") == "a\tb\nc\r\nd␍e"
    assert report.visible_line("a\tb\nc") == "a␉b␊c"


def test_diff_of_an_unchanged_text_is_empty() -> None:
    assert report.diff(Article("Rain.", "Rain."), "a.txt") == ""


def test_diff_shows_whole_lines_with_context() -> None:
    assert report.diff(CLEANED, "a.txt") == (
        "--- a.txt\n+++ a.txt\n@@ -1,5 +1 @@\n-Please give.\n-\n Rain fell on the town.\n-\n-Share this\n"
    )


def test_diff_inside_a_line_and_without_a_last_line_end() -> None:
    cut = article("One.\nRain fell. Give now. It stopped.", (" Give now.", Label.APPEAL))
    assert report.diff(cut, "a.txt") == (
        "--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n One.\n"
        "-Rain fell. Give now. It stopped.\n\\ No newline at end of file\n"
        "+Rain fell. It stopped.\n\\ No newline at end of file\n"
    )


def test_far_changes_get_hunks_of_their_own() -> None:
    lines = [f"Line {number}\n" for number in range(30)]
    cut = article("".join(lines), (lines[2], Label.AD), (lines[25], Label.AD))
    assert [line for line in report.diff(cut, "a").splitlines() if line.startswith("@@")] == [
        "@@ -1,6 +1,5 @@",
        "@@ -23,7 +22,6 @@",
    ]


def test_diff_keeps_windows_line_ends() -> None:
    cut = article("Ad\r\nRain.\r\n", ("Ad\r\n", Label.AD))
    assert report.diff(cut, "a") == "--- a\n+++ a\n@@ -1,2 +1 @@\n-Ad\r\n Rain.\r\n"


def test_coloured_diff() -> None:
    shown = report.diff(CLEANED, "a.txt", color=True)
    assert "\x1b[31m-Share this\x1b[0m\n" in shown
    assert "\n Rain fell on the town.\n" in shown


@pytest.mark.parametrize("seed", range(300))
def test_applying_the_diff_gives_the_clean_text(seed: int) -> None:
    """On random texts and cuts, of whole lines and inside them."""
    chance = random.Random(seed)
    source = "".join(chance.choice("ab\n\n ") for _ in range(chance.randrange(120)))
    edges = sorted(chance.sample(range(len(source) + 1), min(len(source) + 1, 2 * chance.randrange(6)) // 2 * 2))
    removals = [
        Removal(start, end, Label.AD, "ad.test", 1.0, source[start:end])
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    cut = article_of(source, removals)
    assert applied(source, report.diff(cut, "a")) == cut.text


def applied(source: str, patch: str) -> str:
    """Apply a unified diff strictly: every context line, removed line and line number must be right."""
    old = re.findall(r"[^\n]*\n|[^\n]+", source)
    new: list[str] = []
    position = 0
    patch = patch.replace("\n\\ No newline at end of file\n", "\0")
    lines = re.findall(r"[^\n\0]*[\n\0]", patch)[2:]
    for line in lines:
        sign, body = line[0], line[1:].removesuffix("\0")
        if sign == "@":
            first, old_size, new_first, new_size = numbers_of(line)
            start = first - 1 if old_size else first
            new += old[position:start]
            position = start
            assert len(new) == (new_first - 1 if new_size else new_first)
            continue
        if sign in " -":
            assert old[position] == body
            position += 1
        if sign in " +":
            new.append(body)
    return "".join(new + old[position:])


def numbers_of(line: str) -> tuple[int, int, int, int]:
    match = re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n", line)
    assert match
    old, old_size, new, new_size = match.groups()
    return int(old), int(old_size or 1), int(new), int(new_size or 1)


def test_diff_reads_like_the_standard_library_s_on_plain_lines() -> None:
    lines = [f"Line {number}\n" for number in range(20)]
    cut = article("".join(lines), (lines[4], Label.AD), (lines[9], Label.AD))
    expected = difflib.unified_diff(lines, cut.text.splitlines(keepends=True), "a", "a")
    assert report.diff(cut, "a") == "".join(expected)
