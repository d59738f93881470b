"""Layouts: whole scraped articles of invented outlets, line by line, written for training (`layouts/*.jsonl`).

They show what furniture stands where, in outlets of every kind and language, and what of the article looks like it. The
paragraphs of most are placeholders, filled here with paragraphs of marked articles of the same fold:

    {"outlet": …, "lang": …, "lines": [["related", "…"], ["keep", "{prose 3}"], [["keep", "{sentence 1}"], …], …]}

A line is a pair of label and text, or a list of such pairs glued together.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from cleannews.train.data import KEEP, Text, fold_of, read_jsonl
from cleannews.train.glue import SENTENCE_END

PARAGRAPH = 90
"""Characters of a paragraph that may fill a place."""

BREAKS = ("\n\n", "\n\n", "\n")
"""What stands between lines: the same all over one text."""

_PLACE = re.compile(r"\{(prose|sentence)s?(?: (\d+))?\}")

Line = list[tuple[str, str]]


def layouts(documents: Sequence[Text], folds: int, seed: int) -> Iterator[Text]:
    """Yield every layout as a text, filled from the English documents of its fold."""
    source = random.Random(seed)
    prose = _prose(documents, folds)
    folder = Path(str(files("cleannews.train"))) / "layouts"
    for path in sorted(folder.glob("*.jsonl")):
        for record in read_jsonl(path):
            publisher = f"{path.stem}-{record['outlet']}"
            lines = list(_filled(record["lines"], prose[fold_of(publisher, folds)], source))
            yield _joined(publisher, lines, source.choice(BREAKS))


def _prose(documents: Sequence[Text], folds: int) -> dict[int, list[list[str]]]:
    """Return for every fold the paragraphs of its English articles, article by article."""
    prose: dict[int, list[list[str]]] = defaultdict(list)
    for document in documents:
        if (document.record or {}).get("lang") != "en":
            continue
        paragraphs: list[str] = []
        for match in re.finditer(r"[^\n]+", document.text):
            marked = any(start < match.end() and end > match.start() for start, end, _ in document.spans)
            if not marked and match.end() - match.start() >= PARAGRAPH:
                paragraphs.append(match.group().strip())
        if paragraphs:
            prose[fold_of(document.publisher, folds)].append(paragraphs)
    return prose


def _filled(lines: list[Any], articles: list[list[str]], source: random.Random) -> Iterator[Line]:
    """Yield the lines of a layout with the paragraphs of one article after the other in their places."""
    paragraphs = _endless(articles, source)
    for line in lines:
        parts = [line] if isinstance(line[0], str) else line
        place = _PLACE.fullmatch(parts[0][1]) if len(parts) == 1 else None
        if place and place[1] == "prose":
            yield from ([(KEEP, next(paragraphs))] for _ in range(int(place[2] or 1)))
        else:
            yield [(label, _text(text, paragraphs)) for label, text in parts]


def _endless(articles: list[list[str]], source: random.Random) -> Iterator[str]:
    while True:
        yield from source.choice(articles)


def _text(text: str, paragraphs: Iterator[str]) -> str:
    place = _PLACE.fullmatch(text)
    if not place:
        return text
    paragraph = next(paragraphs)
    ends = [match.end() for match in SENTENCE_END.finditer(paragraph)]
    count = int(place[2] or 1)
    return paragraph[: ends[count - 1]].strip() if place[1] == "sentence" and len(ends) >= count else paragraph


def _joined(publisher: str, lines: Sequence[Line], line_break: str) -> Text:
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    position = 0
    for line in lines:
        for number, (label, text) in enumerate(line):
            before = " " if number else line_break if pieces else ""
            start = position + len(before)
            position = start + len(text)
            pieces += [before, text]
            if label != KEEP:
                spans.append((start, position, label))
    return Text(publisher, "layout", "".join(pieces), spans)
