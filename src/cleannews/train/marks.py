"""Marks of careful readers on texts that lie elsewhere: which stretches of them are boilerplate (`marks/*.jsonl`).

The texts themselves stay with their publishers. A mark on an article of the unmarked corpus is a pair of offsets into
it; a mark on a page is the digest of a line and offsets into the line, so that it holds whatever scraper took the line.
Readers followed the guide of the gold; on pages they judged every line that the gold body does not hold. The articles
are those of every publisher of which an earlier model was least sure, and some chosen at random.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from cleannews.train.data import Text, publisher_of, read_jsonl
from cleannews.train.pages import LONGEST_TEXT, scrapes_of

Span = tuple[int, int, str]

DIGEST = 12
"""Hexadecimal digits of SHA-256 that name a line: no two lines of one page share them."""


def marked_articles(corpus: Path) -> Iterator[Text]:
    """Yield the marked articles of the corpus; none if it is not there.

    Args:
        corpus: a gzipped JSON Lines file of articles, with `id`, `url`, `domain` and `text`.
    """
    if not corpus.is_file():
        return
    marks = {record["id"]: record["spans"] for record in read_jsonl(_folder() / "corpus.jsonl")}
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            spans = marks.get(record["id"])
            if spans is not None:
                text = record["text"]
                yield Text(publisher_of(record), "marked", text, [(start, end, label) for start, end, label in spans])


def marked_pages(html: Path) -> Iterator[Text]:
    """Yield the scrapes of the marked pages.

    Args:
        html: folder with the page sets: a folder SET of pages `ID.html.gz` beside each SET.jsonl.
    """
    marks = {(record["set"], record["id"]): record["lines"] for record in read_jsonl(_folder() / "pages.jsonl")}
    for name in sorted({name for name, _ in marks}):
        path = html / f"{name}.jsonl"
        for record in read_jsonl(path) if path.is_file() else ():
            lines = marks.get((name, record["id"]))
            if lines is not None:
                publisher = publisher_of({"domain": name, **record})
                for kind, scraped in scrapes_of(html / name, record["id"]).items():
                    text, spans = _marked(scraped, lines)
                    if len(text) < LONGEST_TEXT:
                        yield Text(publisher, f"marked-{kind}", text, spans)


def pages_with_marks() -> frozenset[tuple[str, str]]:
    """Return the set and the id of every marked page."""
    return frozenset((record["set"], record["id"]) for record in read_jsonl(_folder() / "pages.jsonl"))


def digest_of(line: str) -> str:
    """Return the name of a line in the marks; white space does not count."""
    return hashlib.sha256(" ".join(line.split()).encode()).hexdigest()[:DIGEST]


def _marked(lines: list[str], marks: dict[str, list[Span]]) -> tuple[str, list[Span]]:
    """Return the text of a scrape and its spans."""
    pieces: list[str] = []
    spans: list[Span] = []
    position = 0
    for line in (" ".join(line.split()) for line in lines):
        if line:
            marked = marks.get(digest_of(line), ())
            spans += [(position + start, position + end, label) for start, end, label in marked]
            pieces.append(line)
            position += len(line) + 1
    return "\n".join(pieces), spans


def _folder() -> Path:
    return Path(str(files("cleannews.train"))) / "marks"
