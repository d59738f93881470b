"""Stripping: raw text to removals.

The work is a list of steps over one `Scan`, run until nothing more goes:

    read_header   the lines that a scraper wrote above the text
    fold          typography made plain, with the way back to the source
    segment       blocks and, where needed, sentences
    find_evidence what the rules see
    decide        what the rules alone would cut
    judge         what goes: the rules' word and the trained scorer's, weighed
    widened       the white space that goes along
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from cleannews.document import Label, Metadata, Removal
from cleannews.rules import RuleBook
from cleannews.strip.cut import kept_stretches, spliced, widened
from cleannews.strip.decide import PITCH_LABELS, Cut, decide, without_overlaps
from cleannews.strip.evidence import Scan, find_evidence
from cleannews.strip.fold import fold
from cleannews.strip.header import Header, read_header
from cleannews.strip.judge import Judge
from cleannews.strip.scorer import Scorer, load_scorer

MAX_ROUNDS = 12
"""A cut can bring together what only then reads as boilerplate. Real texts settle in two or three rounds; this bounds
hostile ones."""

HEADER_RULE = "meta.scrape-header"
"""The `rule` of a removal that took the header a scraper wrote."""


@dataclass(frozen=True, slots=True)
class Stripped:
    """What stripping found in a source."""

    removals: tuple[Removal, ...]
    metadata: Metadata


def strip(source: str, rules: RuleBook, removed: frozenset[Label], judge: Judge | None = None) -> Stripped:
    """Find what is not the article in `source`.

    Args:
        source: the text, with line breaks of any kind or none.
        rules: the rules to look for.
        removed: the labels that may go.
        judge: who weighs what the rules say with the trained scorer; without one the rules decide alone.
    """
    metadata = Metadata()
    removals: list[Removal] = []
    text = source
    memory: dict[object, Any] = {}
    for _ in range(MAX_ROUNDS):
        header, folded = read_header(text), fold(text)
        start = folded.from_source(header.end) if header else 0
        scan = Scan(folded, rules.fitting(folded.lowered), start, memory)
        cuts = _with_white_space(text, header, scan, _cuts(scan, rules.own, removed, judge))
        if not cuts:
            break
        metadata = _filled(metadata, header.metadata) if header else metadata
        removals = _merged(source, _onto_source(source, removals, cuts))
        text = spliced(source, ((removal.start, removal.end) for removal in removals))
    return Stripped(tuple(removals), metadata)


def _cuts(scan: Scan, own: frozenset[str], removed: frozenset[Label], judge: Judge | None) -> list[Cut]:
    """Return what goes, in offsets of the folded text: the user's `own` rules are not asked for reasons."""
    evidence = find_evidence(scan)
    if judge is None:
        return decide(scan, evidence, removed)
    cuts = judge.cuts(scan, evidence, decide(scan, evidence, frozenset(Label)))
    if not own:
        return cuts
    return without_overlaps([*cuts, *decide(scan, [item for item in evidence if item.rule in own], removed)])


def _with_white_space(text: str, header: Header | None, scan: Scan, found: Sequence[Cut]) -> list[Cut]:
    """Return the header and the cuts `found` in the folded text, in the offsets of `text`, with their white space."""
    folded = scan.folded
    cuts = [
        Cut(folded.source_start(cut.start), folded.source_end(cut.end), cut.label, cut.rule, cut.score) for cut in found
    ]
    if header:
        cuts.insert(0, Cut(0, header.end, Label.META, HEADER_RULE, 1.0))
    spans = widened(text, [(cut.start, cut.end) for cut in cuts])
    return [Cut(start, end, cut.label, cut.rule, cut.score) for cut, (start, end) in zip(cuts, spans, strict=True)]


def _filled(known: Metadata, found: Metadata) -> Metadata:
    """Return `known` with its gaps filled from `found`."""
    names = [field.name for field in fields(Metadata)]
    return Metadata(**{name: getattr(known, name) or getattr(found, name) for name in names})


def _onto_source(source: str, removals: list[Removal], cuts: list[Cut]) -> list[Removal]:
    """Return earlier removals and the cuts of what they left, all in offsets of the source and in order."""
    offsets, shifts = kept_stretches(len(source), [(removal.start, removal.end) for removal in removals])
    new = []
    for cut in cuts:
        start = cut.start + shifts[bisect_right(offsets, cut.start) - 1]
        end = cut.end + shifts[bisect_right(offsets, cut.end - 1) - 1]
        new.append(Removal(start, end, cut.label, cut.rule, cut.score, ""))
    ordered: list[Removal] = []
    for removal in sorted([*new, *removals], key=lambda item: (item.start, -item.end)):
        if not ordered or removal.start >= ordered[-1].end:
            ordered.append(removal)
    return ordered


def _merged(source: str, removals: list[Removal]) -> list[Removal]:
    """Return the removals with their text, those that touch and belong together made one."""
    merged: list[Removal] = []
    for removal in removals:
        last = merged[-1] if merged else None
        if last is not None and last.end == removal.start and _belong_together(last, removal):
            main = max(last, removal, key=lambda item: (item.score, item.end - item.start))
            merged[-1] = Removal(last.start, removal.end, main.label, main.rule, main.score, "")
        else:
            merged.append(removal)
    return [
        Removal(item.start, item.end, item.label, item.rule, item.score, source[item.start : item.end])
        for item in merged
    ]


def _belong_together(left: Removal, right: Removal) -> bool:
    return left.label is right.label and (left.label in PITCH_LABELS or left.rule == right.rule)


__all__ = ["HEADER_RULE", "MAX_ROUNDS", "Judge", "Scorer", "Stripped", "load_scorer", "spliced", "strip"]
