"""From gold files to examples: texts as the model sees them, with the label of each unit."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleannews.document import Label
from cleannews.rules import RuleBook
from cleannews.strip.decide import decide
from cleannews.strip.evidence import Scan, find_evidence
from cleannews.strip.fold import Folded, fold
from cleannews.strip.scorer import Items, items_of
from cleannews.strip.units import Cutter, Unit

KEEP = "keep"
"""Label of the article."""

OTHER = "other"
"""Label of what is not the article, of which no more is known."""

UNSURE = "unsure"
"""Gold label of what not even a careful reader could tell: it stays."""

LONE = frozenset({"segments", "copy", "own"})
"""Sets of texts that stand without their document: they have no place in it."""

COVERED = 0.6
"""Share of a unit that spans must cover for the unit to have their label."""

_LINE_BREAKS = re.compile(r"\s*\n\s*")
_WWW = re.compile(r"^(?:www\d?|m|amp|edition|news|uk|us|o)\.")


@dataclass(frozen=True, slots=True)
class Text:
    """A marked text.

    Attributes:
        publisher: whose it is; all texts of a publisher are held out together.
        kind: the set that it comes from.
        text: the text.
        spans: (start, end, label), in characters.
        record: the gold record, for measuring.
        inner: only units inside these offsets are trained on, the rest is there to be seen; None for all.
    """

    publisher: str
    kind: str
    text: str
    spans: list[tuple[int, int, str]]
    record: dict[str, Any] | None = None
    inner: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A marked text as the model sees it."""

    text: Text
    folded: Folded
    items: Items
    labels: list[str]

    def trained(self) -> Iterator[int]:
        """Yield the numbers of the items that are trained on: all units, or of a lone segment its own."""
        for at, unit in enumerate(self.items.sequence):
            if unit is not None and (self.text.inner is None or self._is_inner(unit)):
                yield at

    def _is_inner(self, unit: Unit) -> bool:
        start, end = self.text.inner or (0, 0)
        return start <= self.folded.source_start(unit.start) < end


def fold_of(publisher: str, folds: int) -> int:
    """Return the cross-validation fold of a publisher: all its texts fall into one."""
    return int.from_bytes(hashlib.sha256(publisher.encode()).digest()[:4], "big") % folds


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def publisher_of(record: dict[str, Any]) -> str:
    """Return the site of a record: the host of its address, as far as it names the publisher."""
    host = urlsplit(record.get("url") or "").hostname or record["domain"]
    return _WWW.sub("", host.lower())


def flattened(text: Text) -> Text:
    """Return a text with every run of line breaks turned into one space, its spans moved along."""
    moved: list[int] = []
    pieces: list[str] = []
    last = length = 0
    for match in _LINE_BREAKS.finditer(text.text):
        pieces += [text.text[last : match.start()], " "]
        moved += range(length, length + match.start() - last)
        length += match.start() - last
        moved += [length] * (match.end() - match.start())
        length += 1
        last = match.end()
    moved += range(length, length + len(text.text) - last + 1)
    flat = "".join(pieces) + text.text[last:]
    spans = [(moved[start], moved[end], label) for start, end, label in text.spans]
    record = {**text.record, "text": flat, "spans": spans} if text.record else None
    return Text(text.publisher, f"{text.kind}-flat", flat, spans, record)


def documents(path: Path) -> Iterator[Text]:
    """Yield the marked documents of a gold file."""
    for record in read_jsonl(path):
        spans = [(start, end, label) for start, end, label in record["spans"]]
        yield Text(publisher_of(record), path.stem, record["text"], spans, record)


def segments(path: Path) -> Iterator[Text]:
    """Yield lone paragraphs, each between the edges of its neighbours."""
    for record in read_jsonl(path):
        if record["label"] == "mixed" or not record["text"].strip():
            continue
        before, after = _edge_before(record["before"]), _edge_after(record["after"])
        start = len(before) + 2 if before else 0
        end = start + len(record["text"])
        text = "\n\n".join(part for part in (before, record["text"], after) if part)
        label = record["label"]
        spans = [(start, end, label)] if label != KEEP else []
        yield Text(record["domain"], "segments", text, spans, None, (start, end))


EDGE = 88
"""Neighbours in segments.jsonl are cut to some 90 characters: one of this length goes on unseen."""


def _edge_before(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < EDGE else f"{'x ' * 40}{text}"


def _edge_after(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) < EDGE else f"{text}{' x' * 40}."


def pieces_of_copy(path: Path, publisher_field: str | None) -> Iterator[Text]:
    """Yield pieces of copy, each a text of its own: `label` or `kind`, and `text`."""
    for number, record in enumerate(read_jsonl(path)):
        label = record.get("label") or record["kind"]
        text = record["text"]
        spans = [] if label == KEEP else [(0, len(text), label)]
        publisher = record[publisher_field] if publisher_field else f"{path.stem}-{number // 8}"
        yield Text(publisher, "own" if publisher_field is None else "copy", text, spans)


def example_of(text: Text, rules: RuleBook, cutter: Cutter) -> Example:
    """Return a marked text as the model sees it."""
    folded = fold(text.text)
    scan = Scan(folded, rules.fitting(folded.lowered))
    evidence = find_evidence(scan)
    items = items_of(scan, evidence, decide(scan, evidence, frozenset(Label)), cutter, placed=text.kind not in LONE)
    return Example(text, folded, items, [_label(unit, folded, text.spans) for unit in items.sequence])


def _label(unit: Unit | None, folded: Folded, spans: list[tuple[int, int, str]]) -> str:
    if unit is None:
        return KEEP
    start, end = folded.source_start(unit.start), folded.source_end(unit.end)
    covered: dict[str, int] = {}
    for low, high, label in spans:
        shared = min(end, high) - max(start, low)
        if shared > 0:
            covered[label] = covered.get(label, 0) + shared
    if sum(covered.values()) <= COVERED * (end - start):
        return KEEP
    label = max(covered, key=lambda name: covered[name])
    return KEEP if label == UNSURE else label
