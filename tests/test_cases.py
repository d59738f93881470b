"""The fixture cases: scraped text in, exactly this article out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from difflib import unified_diff
from itertools import groupby

import pytest

import cleannews
from casebook import Case, Kind, read_cases
from cleannews import Article, Cleaner, Removal
from cleannews.document import REMOVED_BY_DEFAULT
from invariants import check_article

CASES = read_cases()
CLEANER = Cleaner()


def as_parameters(cases: list[Case]) -> list[object]:
    failing = pytest.mark.xfail(strict=True, raises=pytest.fail.Exception, reason="known failure")
    return [
        pytest.param(case, id=case.id, marks=[failing] if case.kind is Kind.KNOWN_FAILURE else []) for case in cases
    ]


@pytest.mark.parametrize("case", as_parameters(CASES))
def test_case(case: Case) -> None:
    article = cleannews.clean(case.raw)
    if article.text != case.clean:
        pytest.fail(f"{case.id}: the text differs\n{difference(case.clean, article.text)}\n{account(article)}")
    if stretches(article, case.also) != case.labels:
        pytest.fail(f"{case.id}: expected the labels {', '.join(case.labels)}\n{account(article)}")
    if case.removals not in (None, len(article.removals)):
        pytest.fail(f"{case.id}: expected {case.removals} removals\n{account(article)}")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_case_keeps_the_invariants(case: Case) -> None:
    check_article(CLEANER.clean(case.raw), CLEANER)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES if case.kind is Kind.NEGATIVE])
def test_negative_stays_on_one_line_too(case: Case) -> None:
    flat = " ".join(case.raw.split())
    article = cleannews.clean(flat)
    if article.removals:
        pytest.fail(f"{case.id}: lost without its line breaks\n{account(article)}")


def test_clean_cases_are_consistent() -> None:
    for case in CASES:
        if case.kind is Kind.NEGATIVE:
            assert case.clean == case.raw, case.id
            assert not case.labels, case.id
        elif case.clean == case.raw:
            assert not case.labels, case.id
        else:
            assert case.labels, case.id
    repeated = [name for name, count in Counter(case.id for case in CASES).items() if count > 1]
    assert not repeated


def test_cases_cover_every_removed_label() -> None:
    covered = {label for case in CASES if case.kind is not Kind.KNOWN_FAILURE for label in case.labels}
    assert covered >= REMOVED_BY_DEFAULT


def stretches(article: Article, also: Collection[str] = ()) -> tuple[str, ...]:
    """Return the labels that went, in order, without those of `also`; neighbours under one label count once."""
    return tuple(
        str(label)
        for cut in cuts(article)
        for label, _ in groupby(removal.label for removal in cut if removal.label not in also)
    )


def cuts(article: Article) -> Iterator[list[Removal]]:
    """Yield the removals that have only white space between them, together."""
    cut: list[Removal] = []
    for removal in article.removals:
        if cut and article.source[cut[-1].end : removal.start].strip():
            yield cut
            cut = []
        cut.append(removal)
    if cut:
        yield cut


def difference(expected: str, actual: str) -> str:
    """Return a diff between two texts, with characters that do not show made visible."""
    before, after = ([repr(line)[1:-1] for line in text.splitlines(keepends=True)] for text in (expected, actual))
    return "\n".join(unified_diff(before, after, "expected", "actual", lineterm="", n=1))


def account(article: Article) -> str:
    """Return the removals, one a line."""
    rows = [f"  {item.label:10} {item.rule:34} {item.score:5} {item.text!r}" for item in article.removals]
    return "\n".join(["removed:", *(rows or ["  nothing"])])
