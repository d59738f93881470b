"""Features: what the scorer sees of a unit, as strings. The model only ever holds their hashes, so it holds no text.

The features follow what is known to separate boilerplate from articles: length, link-like shape and the neighbours'
lengths
(Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection using Shallow Text Features", WSDM 2010), the words
themselves, the
place in the document, and what the rules say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleannews.document import KEPT_BY_DEFAULT, Label
from cleannews.rules import Words
from cleannews.strip.decide import Cut
from cleannews.strip.evidence import Evidence, Scan
from cleannews.strip.linear import slots_of
from cleannews.strip.units import Unit

FIRST_WORDS, LAST_WORDS = 18, 8
"""Words looked at from either end of a unit."""

STEM = 5
"""Characters of a word that stand for all its forms."""

FAR = 9
"""Distances are counted up to here."""

PARTS = 3
"""Steps in which it is told how much of a unit a rule covers."""

_LENGTHS = (1, 2, 3, 4, 6, 9, 13, 19, 28, 45, 80)
_COARSE = (2, 4, 8, 14, 24, 45)
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")
"""A word, a character of a script that sets no spaces between words, or a mark."""

_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
CHARACTERS_OF_A_WORD = 2
"""How many characters of a script without spaces count as one word."""

_ADDRESS = re.compile(r"[@#]\w|https?:|www\.|\.(?:com|org|net|de|fr|co)\b")
_SENTENCE_ENDS = frozenset(".!?。！？")
_CLOSERS = frozenset("\"')")
_MARKS = (
    ("q", '"'),
    ("?", "?"),
    ("|", "|"),
    ("!", "!"),
    (":", ":"),
    ("/", "/"),
    (">", ">"),
    ("©", "©"),
    ("(", "("),
    ("$", "$"),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """Words that tell reporting from copy, of all languages together."""

    reporting: Words
    address: Words


@dataclass(frozen=True, slots=True)
class View:
    """A unit as it looks, whatever stands around it.

    Attributes:
        lowered: its folded text in lower case.
        words: number of words.
        length: the same, in steps.
        ending: kind of its last character.
        capitals: share of its words with a capital, in steps.
        verdict: how the rules see it: "" nothing, "w" a weak sign, "r" they would cut it, "l" they would cut it for
            what
            stands around it (a list under its heading), "s" a soft label.
        ruled: the labels under which they would cut it.
        slots: its own features, hashed.
        edges: its first words, for its neighbours.
    """

    lowered: str
    words: int
    length: int
    ending: str
    capitals: str
    verdict: str
    ruled: frozenset[Label]
    slots: set[int]
    edges: list[str]

    @property
    def summary(self) -> str:
        """The unit in short, as its neighbours see it."""
        return f"{bisect_left(_COARSE, self.words)}{self.ending}{self.verdict}"


def rows_of(
    scan: Scan, sequence: Sequence[Unit | None], views: Sequence[View | None], *, placed: bool
) -> list[set[int]]:
    """Return the hashed features of every item; `placed` says whether units have a place in a document."""
    summaries = ["Q" if view is None else view.summary for view in views]
    repeats = Counter(view.lowered for view in views if view is not None)
    places = _places(scan, views) if placed else [[]] * len(views)
    rows: list[set[int]] = []
    for at, (unit, view) in enumerate(zip(sequence, views, strict=True)):
        if unit is None or view is None:
            rows.append(set())
            continue
        before, after = (summaries[at - 1] if at else "start"), (summaries[at + 1] if at + 1 < len(views) else "end")
        piece = _piece(unit)
        row = [
            *places[at],
            f"-1={before}",
            f"+1={after}",
            f"both={before}/{after}",
            f"piece={piece}",
            f"piece/form={piece}/{view.length}{view.ending}",
        ]
        if at and (left := views[at - 1]) is not None:
            row += [f"p:{edge}" for edge in left.edges]
        if at + 1 < len(views) and (right := views[at + 1]) is not None:
            row += [f"n:{edge}" for edge in right.edges]
        if repeats[view.lowered] > 1:
            row.append("repeated")
        rows.append(view.slots | slots_of(row))
    return rows


def _places(scan: Scan, views: Sequence[View | None]) -> list[list[str]]:
    """Return for every item the features of its place in the document."""
    count = len(views)
    before, after = _distances(views)
    runs = _runs(views)
    share = min(3, 4 * sum([view is not None for view in views]) // max(1, len(scan.blocks)))
    quiet = min(3, sum([view is None for view in views]))
    size = f"count={min(count.bit_length(), 7)}"
    result: list[list[str]] = []
    for at, view in enumerate(views):
        if view is None:
            result.append([])
            continue
        zone, (run, place) = _zone(before[at], after[at]), runs[at]
        form = f"{view.length}{view.ending}"
        result.append(
            [
                f"zone={zone}",
                f"first={min(at, 4)}",
                f"last={min(count - 1 - at, 4)}",
                size,
                f"share={share}/{quiet}",
                f"share/form={share}/{form}",
                f"zone/form={zone}/{form}",
                f"run={run}/{place}",
                f"run/form={run}/{form}",
            ]
        )
    return result


def view_of(scan: Scan, unit: Unit, evidence: Sequence[Evidence], ruled: Sequence[Cut], voice: Voice) -> View:
    """Return how a unit looks.

    Args:
        scan: the text.
        unit: the unit.
        evidence: what the rules found in it.
        ruled: what the rules alone would cut of it.
        voice: words of reporting and of address.
    """
    text, lowered = scan.text[unit.start : unit.end], scan.lowered[unit.start : unit.end]
    words = text.split()
    count = _count(text, words)
    length = bisect_left(_LENGTHS, count)
    ending, capitals = _ending(text), _capitals(words)
    tokens = _WORD.findall(lowered[:2000])
    features = [
        f"length={length}",
        f"end={ending}",
        f"start={_opening(text)}",
        f"capitals={capitals}",
        f"marks={_marks(text)}",
        f"length/end={length}{ending}",
        f"length/capitals={length}{capitals}",
        f"capitals/end={capitals}{ending}",
        f"start/end={_opening(text)}{ending}",
        *_voice(lowered, voice),
        *_rules(unit, evidence, ruled),
        *_words(tokens),
    ]
    labels = frozenset([cut.label for cut in ruled])
    return View(
        lowered,
        count,
        length,
        ending,
        capitals,
        _verdict(evidence, labels),
        labels,
        slots_of(features),
        _edges(tokens[:6]),
    )


def _verdict(evidence: Sequence[Evidence], ruled: frozenset[Label]) -> str:
    if ruled <= KEPT_BY_DEFAULT:
        soft = all(item.label in KEPT_BY_DEFAULT for item in evidence)
        return "" if not evidence else "s" if soft else "w"
    return "r" if evidence else "l"


def _count(text: str, words: Sequence[str]) -> int:
    if text.isascii():
        return len(words)
    unspaced = len(_IS_UNSPACED.findall(text))
    return len(words) + unspaced // CHARACTERS_OF_A_WORD


def _distances(views: Sequence[View | None]) -> tuple[list[int], list[int]]:
    """Return how far each item is from the nearest plain prose before and after it; beyond `FAR` for none."""
    before, after = [], []
    distance = FAR
    for view in views:
        distance = 0 if view is None else min(FAR, distance + 1)
        before.append(distance)
    distance = FAR
    for view in reversed(views):
        distance = 0 if view is None else min(FAR, distance + 1)
        after.append(distance)
    seen = False
    for index, view in enumerate(views):
        seen = seen or view is None
        if not seen:
            before[index] = FAR + 1
    seen = False
    for index in range(len(views) - 1, -1, -1):
        seen = seen or views[index] is None
        if not seen:
            after[index] = FAR + 1
    return before, after


def _zone(before: int, after: int) -> str:
    """Return where an item stands: in the head before any plain prose, the tail after the last, or the body."""
    if before > FAR and after > FAR:
        return "only"
    if before > FAR:
        return f"head{min(after, 4)}"
    if after > FAR:
        return f"tail{min(before, 6)}"
    return f"body{min(before, 2)}{min(after, 2)}"


def _runs(views: Sequence[View | None]) -> list[tuple[int, int]]:
    """Return for every item the run of lines without a sentence's end around it: length and place, in steps."""
    result = [(0, 0)] * len(views)
    start = 0
    for index in range(len(views) + 1):
        view = views[index] if index < len(views) else None
        if view is None or view.ending == ".":
            for place in range(start, index):
                result[place] = (min((index - start).bit_length(), 5), min(place - start, 2))
            start = index + 1
    return result


def _piece(unit: Unit) -> str:
    if unit.pieces == 1:
        return "whole"
    if unit.number == 0:
        return "first"
    return "last" if unit.number == unit.pieces - 1 else "middle"


def _rules(unit: Unit, evidence: Sequence[Evidence], ruled: Sequence[Cut]) -> list[str]:
    """Return what the rules say of a unit."""
    row: dict[str, None] = {}
    length = unit.end - unit.start
    for item in evidence:
        shared = min(item.end, unit.end) - max(item.start, unit.start)
        soft = "s" if item.label in KEPT_BY_DEFAULT else ""
        row[f"{soft}{item.weight:g}{PARTS * shared // length}"] = None
        row[f"r={item.label}{item.weight:g}"] = None
        row[f"r={item.rule}"] = None
    for cut in ruled:
        shared = min(cut.end, unit.end) - max(cut.start, unit.start)
        row[f"v={PARTS * shared // length}"] = None
        row[f"v={cut.label}"] = None
    return list(row)


def _ending(text: str) -> str:
    last = text[-1]
    if last in _CLOSERS and len(text) > 1:
        return "." if text[-2] in ".!?" else last
    if last in ".。！":
        return "~" if text.endswith("...") else "."
    if last.isalpha():
        return "a"
    return "9" if last.isdigit() else last if last in "!?:;,|>~…" else "-"


def _opening(text: str) -> str:
    first = text[0]
    if first.isupper():
        return "A"
    if first.isalpha():
        return "a" if first.islower() else "w"
    return "9" if first.isdigit() else first if first in "\"'([>-*•|©" else "-"


def _capitals(words: Sequence[str]) -> str:
    letters = [word for word in words if word[0].isalpha()]
    if not letters:
        return "none"
    if len(words) > 1 and all(word.isupper() for word in letters):
        return "all"
    return str(4 * sum([word[0].isupper() for word in letters]) // len(letters))


def _marks(text: str) -> str:
    found = [name for name, mark in _MARKS if mark in text]
    if _ADDRESS.search(text):
        found.append("@")
    if any(map(str.isdigit, text)):
        found.append("9")
    return "".join(found)


def _voice(lowered: str, voice: Voice) -> list[str]:
    row = [f"address={min(2, voice.address.count(lowered))}"]
    return [*row, "reports"] if voice.reporting.occur_in(lowered) else row


def _words(words: Sequence[str]) -> list[str]:
    if not words:
        return []
    if len(words) > FIRST_WORDS + LAST_WORDS:
        words = [*words[:FIRST_WORDS], "…", *words[-LAST_WORDS:]]
    distinct = dict.fromkeys(words)
    row = [f"w:{word}" for word in distinct]
    row += [f"s:{word[:STEM]}" for word in distinct if len(word) > STEM]
    row += [f"b:{left} {right}" for left, right in dict.fromkeys(pairwise(words))]
    row += [f"e:{edge}" for edge in _edges(words)]
    row.append(f"$:{words[-1]}")
    return row


def _edges(words: Sequence[str]) -> list[str]:
    """Return how a unit begins: its first word, and its first two."""
    return [f"^{words[0]}", f"^^{' '.join(words[:2])}"] if words else []
