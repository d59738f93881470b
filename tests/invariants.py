"""What must hold for every article that comes out, whatever went in. Each check raises AssertionError."""

from __future__ import annotations

import re
from itertools import pairwise

from cleannews import Article, Cleaner

_BREAK = re.compile(r"[\n\r\x0b\x0c\x85\u2028\u2029]")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")


def check_article(article: Article, cleaner: Cleaner) -> None:
    """Check every invariant of one article; `cleaner` is the one it comes from."""
    check_removals(article)
    check_text(article)
    check_white_space(article)
    check_words(article)
    check_settled(article, cleaner)


def check_removals(article: Article) -> None:
    """Removals are sorted, do not overlap, lie inside the source and say what stands there."""
    for removal in article.removals:
        assert 0 <= removal.start < removal.end <= len(article.source), removal
        assert removal.text == article.source[removal.start : removal.end], removal
        assert 0.0 < removal.score <= 1.0, removal
        assert str(removal.label) in removal.rule.split("."), removal
    for left, right in pairwise(article.removals):
        assert left.end <= right.start, (left, right)


def check_text(article: Article) -> None:
    """Replaying the removals over the source gives the text."""
    text = article.source
    for removal in reversed(article.removals):
        text = text[: removal.start] + text[removal.end :]
    assert article.text == text


def check_white_space(article: Article) -> None:
    """Around a cut white space closes; elsewhere none is touched.

    Nothing is left over at the edges of the text, a line break stays where one was cut across, and a cut inside a
    paragraph leaves one space.
    """
    source = article.source
    for start, end, kept in _gaps(article):
        gone = source[start:end]
        where = f"{source[max(0, start - 40) : start]!r} [{gone!r} -> {kept!r}] {source[end : end + 40]!r}"
        runs = re.findall(r"\s+", gone)
        before = gone[: len(gone) - len(gone.lstrip())]
        after = gone[len(gone.rstrip()) :]
        if start == 0:
            assert kept == "", f"white space is left over at the start: {where}"
        elif end == len(source):
            assert kept == after, f"white space is left over at the end: {where}"
        elif any(_BREAK.search(run) for run in runs):
            breaks = _BREAK.findall(kept)
            assert breaks, f"two paragraphs became one: {where}"
            assert breaks in map(_BREAK.findall, runs), f"white space was made up: {where}"
            if _BREAK.search(after):
                assert _BREAK.split(kept)[-1] == _BREAK.split(after)[-1], f"an indent changed: {where}"
        else:
            assert len(kept) == bool(before or after), f"white space did not close: {where}"


def _gaps(article: Article) -> list[tuple[int, int, str]]:
    """Return (start, end, white space kept there) of every stretch between visible kept characters that is cut."""
    source = article.source
    gaps: list[tuple[int, int, str]] = []
    position = 0
    while position < len(article.removals):
        first = article.removals[position]
        start = len(source[: first.start].rstrip())
        kept = source[start : first.start]
        end = first.end
        position += 1
        while position < len(article.removals) and not source[end : article.removals[position].start].strip():
            kept += source[end : article.removals[position].start]
            end = article.removals[position].end
            position += 1
        tail = source[end:]
        space = tail[: len(tail) - len(tail.lstrip())]
        gaps.append((start, end + len(space), kept + space))
    return gaps


def check_words(article: Article) -> None:
    """The words of the text are words of the source, in its order: no cut glued two words or split one."""
    words = iter(_WORD.findall(article.source))
    for word in _WORD.findall(article.text):
        assert any(word == other for other in words), f"{word!r} is not a word of the source, or not in this place"


def check_settled(article: Article, cleaner: Cleaner) -> None:
    """Cleaning a clean text changes nothing more."""
    again = cleaner.clean(article.text)
    assert again.text == article.text, again.removals
    assert again.removals == ()
