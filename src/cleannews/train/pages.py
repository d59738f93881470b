"""Marked texts from pages with a gold body: lines that a scraper takes and the body does not hold are boilerplate."""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from cleannews.train.data import OTHER, Text, publisher_of, read_jsonl

MIN_BODY = 120
"""Words of a gold body from which a page is an article, not a stub."""

LONGEST_TEXT = 60_000
"""Characters of a scrape; a longer one is a directory or a forum."""

GRAM = 4
"""Words of a run by which lines are found in the body."""

SHARED, FOREIGN = 0.6, 0.1
"""Share of a line's runs that the body must hold for the line to be the article's, and at most may hold for it not to
be.
A text with lines in between says nothing sure, and those lines are left out of it."""

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


def pages(folder: Path, left_out: Collection[tuple[str, str]] = ()) -> Iterator[Text]:
    """Yield the scrapes of all pages of a set: `folder` holds ID.html.gz, `folder`.jsonl the bodies.

    Args:
        folder: the set.
        left_out: set and id of pages that are not wanted.
    """
    for record in read_jsonl(folder.with_suffix(".jsonl")):
        if len(_WORD.findall(record["body"])) < MIN_BODY or (folder.name, record["id"]) in left_out:
            continue
        publisher = publisher_of({"domain": folder.name, **record})
        for name, lines in scrapes_of(folder, record["id"]).items():
            text = _marked(lines, record)
            if text:
                yield Text(publisher, f"page-{name}", *text)


def scrapes_of(folder: Path, name: str) -> dict[str, list[str]]:
    """Return what scrapers take from a page: its paragraphs, and all that an extractor thinks may be the text."""
    import trafilatura  # noqa: PLC0415
    from bs4 import BeautifulSoup  # noqa: PLC0415

    page = gzip.decompress((folder / f"{name}.html.gz").read_bytes())
    soup = BeautifulSoup(page, "lxml")
    for tag in soup(["script", "style", "template", "noscript"]):
        tag.decompose()
    paragraphs = [_SPACE.sub(" ", tag.get_text(" ")).strip() for tag in soup.find_all("p")]
    return {"p": paragraphs, "trafilatura": (trafilatura.extract(page, favor_recall=True) or "").split("\n")}


def _marked(lines: list[str], record: dict[str, Any]) -> tuple[str, list[tuple[int, int, str]]] | None:
    """Return the text of a scrape and its spans, or None if it does not hold the article."""
    body = _WORD.findall(record["body"].lower())
    grams = {tuple(body[i : i + GRAM]) for i in range(len(body) - GRAM + 1)}
    short = {tuple(_WORD.findall(line.lower())) for line in record["body"].split("\n")}
    title = tuple(_WORD.findall((record.get("title") or "").lower()))
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    position = held = 0
    for line in lines:
        words = _WORD.findall(line.lower())
        share = _share(words, grams, short)
        if not line.strip() or FOREIGN < share < SHARED:
            continue
        if share <= FOREIGN:
            spans.append((position, position + len(line), "meta" if title and tuple(words) == title else OTHER))
        else:
            held += len(words)
        pieces.append(line)
        position += len(line) + 1
    text = "\n".join(pieces)
    return (text, spans) if held >= MIN_BODY and len(text) < LONGEST_TEXT else None


def _share(words: list[str], grams: set[tuple[str, ...]], short: set[tuple[str, ...]]) -> float:
    if len(words) < GRAM:
        return float(tuple(words) in short)
    found = [tuple(words[i : i + GRAM]) in grams for i in range(len(words) - GRAM + 1)]
    return sum(found) / len(found)
