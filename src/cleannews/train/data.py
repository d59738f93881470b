"""From gold files to sequences: the features of a document's blocks and the label of each."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cleannews.rules import RuleSet
from cleannews.strip.evidence import Part, Scan, find_evidence, rule_evidence
from cleannews.strip.features import QUIET_RUN, Voice, items_of
from cleannews.strip.fold import Folded, fold
from cleannews.strip.scorer import KEEP, SOFT, evidence_inside, part_items

SOFT_LABELS = frozenset({"credit", "caption", "meta", "unsure"})
"""Gold labels that the scorer does not tell apart."""

COVERED = 0.6
"""Share of a block that spans must cover for the block to have their label."""

_LINE_BREAKS = re.compile(r"\s*\n\s*")

EDGE = 88
"""Neighbours in segments.jsonl are cut to some 90 characters: one of this length goes on unseen."""

PLACE_PREFIXES = ("first=", "last=", "count=", "zone=", "docshort=", "-2=", "+2=")
"""Features that a lone segment cannot have: it stands without its document."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A document, or a lone segment, as the model is trained on it."""

    publisher: str
    features: list[list[str]]
    labels: list[str]


def fold_of(publisher: str, folds: int) -> int:
    """Return the cross-validation fold of a publisher: all its texts fall into one."""
    return int.from_bytes(hashlib.sha256(publisher.encode()).digest()[:4], "big") % folds


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def flattened(record: dict[str, Any]) -> dict[str, Any]:
    """Return a gold document with every run of line breaks turned into one space, its spans moved along."""
    text = record["text"]
    moved: list[int] = []
    pieces: list[str] = []
    last = length = 0
    for match in _LINE_BREAKS.finditer(text):
        pieces += [text[last : match.start()], " "]
        moved += range(length, length + match.start() - last)
        length += match.start() - last
        moved += [length] * (match.end() - match.start())
        length += 1
        last = match.end()
    moved += range(length, length + len(text) - last + 1)
    spans = [(moved[start], moved[end], label) for start, end, label in record["spans"]]
    return {**record, "text": "".join(pieces) + text[last:], "spans": spans}


def training_sequences(gold: Path, rules: RuleSet) -> list[Sequence]:
    """Return all sequences of a gold folder, in the order of its files."""
    records = [record for name in ("dev", "dev-multilingual") for record in read_jsonl(gold / f"{name}.jsonl")]
    documents = [_document(form, rules) for record in records for form in (record, flattened(record))]
    copy = [_copy(record, rules) for record in read_jsonl(gold / "copy.jsonl")]
    segments = [_segment(record, rules) for record in read_jsonl(gold / "segments.jsonl") if record["label"] != "mixed"]
    return [sequence for sequence in (*documents, *copy, *segments) if sequence.features]


def _document(record: dict[str, Any], rules: RuleSet) -> Sequence:
    scan = Scan(fold(record["text"]), rules)
    parts = scan.parts()
    items = part_items(scan, parts, evidence_inside(parts, find_evidence(scan, (rule_evidence,))))
    labels = [
        KEEP if index == QUIET_RUN else _part_label(parts[index], scan.folded, record["spans"]) for index in items.order
    ]
    return Sequence(record["domain"], items.features, labels)


def _part_label(part: Part, folded: Folded, spans: list[tuple[int, int, str]]) -> str:
    start, end = folded.source_start(part.start), folded.source_end(part.end)
    covered: dict[str, int] = {}
    for low, high, label in spans:
        shared = min(end, high) - max(start, low)
        if shared > 0:
            covered[label] = covered.get(label, 0) + shared
    if sum(covered.values()) <= COVERED * (end - start):
        return KEEP
    return _model_label(max(covered, key=lambda label: covered[label]))


def _model_label(label: str) -> str:
    return SOFT if label in SOFT_LABELS else label


def _copy(record: dict[str, Any], rules: RuleSet) -> Sequence:
    scan = Scan(fold(record["text"]), rules)
    parts = scan.parts()
    items = part_items(scan, parts, evidence_inside(parts, find_evidence(scan, (rule_evidence,))))
    kind = _model_label(record["kind"])
    return Sequence(record["outlet"], items.features, [KEEP if index == QUIET_RUN else kind for index in items.order])


def _segment(record: dict[str, Any], rules: RuleSet) -> Sequence:
    """Return a lone paragraph with what is known of its neighbours."""
    before, text, after = (fold(record[key]).text.strip() for key in ("before", "text", "after"))
    scan = Scan(fold(text), rules)
    if len(scan.blocks) != 1:
        return Sequence(record["domain"], [], [])
    texts = [_whole(before, is_before=True), text, _whole(after, is_before=False)]
    numbers = [number for number in range(3) if texts[number]]
    parts = [Part(0, len(texts[number]), 0, whole=True) for number in numbers]
    found = [find_evidence(scan, (rule_evidence,)) if number == 1 else [] for number in numbers]
    present = [texts[number] for number in numbers]
    items = items_of(present, [item.lower() for item in present], parts, found, Voice(rules.reporting, rules.address))
    position = numbers.index(1)
    if position not in items.order:
        return Sequence(record["domain"], [], [])
    row = items.features[items.order.index(position)]
    kept = [feature for feature in row if not feature.startswith(PLACE_PREFIXES)]
    return Sequence(record["domain"], [kept + _given_place(record)], [_model_label(record["label"])])


def _whole(text: str, *, is_before: bool) -> str:
    """Return a neighbour of which only the end (before) or the start (after) is known, made up to the length of a paragraph."""
    if len(text) < EDGE:
        return text
    return "x " * 40 + text if is_before else text + " x" * 40 + "."


def _given_place(record: dict[str, Any]) -> list[str]:
    position, count = record["position"], record["paragraphs"]
    return [f"first={min(position, 4)}", f"last={min(count - 1 - position, 4)}"]
