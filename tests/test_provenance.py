"""A removal in a page says which element it came from."""

from __future__ import annotations

import pytest

import cleannews

SAID = "The mayor said that the bridge would be closed until the spring of next year, and that nobody had been asked."
SHARE = "Share this article"


def element_around(before: str, after: str) -> str | None:
    page = f"<html><body><article class='story'><p>{SAID} One.</p>{before}{SHARE}{after}<p>{SAID} Two.</p>"
    article = cleannews.clean(f"{page}<p>{SAID} It rained.</p></article>")
    return next(removal.element for removal in article.removals if SHARE in removal.text)


@pytest.mark.parametrize(
    ("before", "after", "element"),
    [
        ("<p>", "</p>", "article.story p"),
        ("<p class='tools wide x'>", "</p>", "p.tools.wide"),
        ("<p class='tools' id='share'>", "</p>", "p#share"),
        ("<p class='md:flex 2col'>", "</p>", "article.story p"),
    ],
)
def test_the_element_of_a_removal(before: str, after: str, element: str) -> None:
    assert element_around(before, after) == element


def test_a_text_has_no_elements() -> None:
    article = cleannews.clean(f"{SAID}\n\n{SHARE}\n\n{SAID}")
    assert [removal.element for removal in article.removals] == [None]


def test_what_spans_several_elements_is_in_the_one_around_them() -> None:
    pitch = "<p>Sign up to our free weekly newsletter.</p><p>Enter your email address to sign up</p>"
    page = f"<html><body><article><p>{SAID} One.</p><div class='offer'>{pitch}</div><p>{SAID} Two.</p></article>"
    article = cleannews.clean(page)
    assert [removal.element for removal in article.removals] == ["div.offer"]
