"""Features: what the scorer sees of a text. Words are hashed, so that a model holds no text.

The features follow what is known to separate boilerplate from articles: length, link-like shape and the neighbours' lengths
(Kohlschütter, Fankhauser and Nejdl, "Boilerplate Detection using Shallow Text Features", WSDM 2010), the words themselves, the
place in the document, and what the rules say. Plain prose without evidence, most of any article, is not looked at: a run of it
is one item of the sequence, whatever its length, so that it costs next to nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from cleannews.document import KEPT_BY_DEFAULT
from cleannews.rules import Words
from cleannews.strip.evidence import Evidence, Part

HASH_SPACE = 1 << 16
"""Word features share so many slots; more made the model larger and no better."""

QUIET_LENGTH = 80
"""A part of so many characters that ends like a sentence, with no evidence in it, is plain prose."""

FIRST_WORDS, LAST_WORDS = 14, 5
"""Words looked at from either end of a part."""

QUIET_RUN = -1
"""Stands for a run of plain prose in the order of a sequence."""

_LENGTHS = (1, 2, 3, 4, 6, 9, 13, 19, 28, 45, 80)
_WORD = re.compile(r"\w+|[^\w\s]")
_ADDRESS = re.compile(r"[@#]\w|https?:|www\.|\.com\b")
_SENTENCE_ENDS = frozenset(".!?。！？")
_CLOSERS = frozenset("\"')]")
_MARKS = (("q", '"'), ("?", "?"), ("|", "|"), ("!", "!"), (":", ":"), ("/", "/"), (">", ">"))


@dataclass(frozen=True, slots=True)
class Voice:
    """Words that tell reporting from copy, of all languages together."""

    reporting: Words
    address: Words


@dataclass(frozen=True, slots=True)
class Items:
    """A text as a sequence for the model.

    Attributes:
        features: one row of features for every item.
        order: for every item the number of its part, or `QUIET_RUN`.
    """

    features: list[list[str]]
    order: list[int]


def is_quiet(text: str, evidence: Sequence[Evidence]) -> bool:
    """Return whether a part is plain prose without evidence."""
    if evidence or len(text) < QUIET_LENGTH:
        return False
    return text[-1] in _SENTENCE_ENDS or (text[-1] in _CLOSERS and text[-2] in _SENTENCE_ENDS)


def items_of(
    texts: Sequence[str], lowered: Sequence[str], parts: Sequence[Part], evidence: Sequence[Sequence[Evidence]], voice: Voice
) -> Items:
    """Return the sequence of a text.

    Args:
        texts: the folded text of every part.
        lowered: the same in lower case.
        parts: the parts.
        evidence: what the rules found in each.
        voice: words of reporting and of address.
    """
    order: list[int] = []
    for index, text in enumerate(texts):
        if not is_quiet(text, evidence[index]):
            order.append(index)
        elif not order or order[-1] != QUIET_RUN:
            order.append(QUIET_RUN)
    summaries = ["Q" if i == QUIET_RUN else _summary(texts[i], parts[i], evidence[i]) for i in order]
    repeats = Counter(lowered[i] for i in order if i != QUIET_RUN)
    zones = _zones(order)
    share = f"docshort={4 * len(order) // max(1, len(texts))}"
    rows = []
    for position, index in enumerate(order):
        if index == QUIET_RUN:
            rows.append(["quiet"])
            continue
        row = [*zones[position], share, *_neighbours(summaries, position)]
        row += _rules(parts[index], evidence[index])
        row += _shape(texts[index], parts[index])
        row += _voice(lowered[index], voice)
        row += _words(lowered[index])
        if position and order[position - 1] != QUIET_RUN:
            row += [f"p:{edge}" for edge in _edges(_WORD.findall(lowered[order[position - 1]][:60]))]
        if repeats[lowered[index]] > 1:
            row.append("repeated")
        rows.append(row)
    return Items(rows, order)


def _summary(text: str, part: Part, evidence: Sequence[Evidence]) -> str:
    """Return a part in short, as its neighbours see it."""
    found = f"{max(item.weight for item in evidence):g}" if evidence else ""
    return f"{'' if part.whole else 's'}{_length(text)}{_ending(text)}{found}"


def _zones(order: Sequence[int]) -> list[list[str]]:
    """Return where each item stands: before the first plain prose, after the last, or between."""
    count = len(order)
    first = next((i for i, index in enumerate(order) if index == QUIET_RUN), count)
    last = next((i for i in range(count - 1, -1, -1) if order[i] == QUIET_RUN), -1)
    size = f"count={min(count.bit_length(), 7)}"
    return [[_zone(i, first, last), f"first={min(i, 4)}", f"last={min(count - 1 - i, 4)}", size] for i in range(count)]


def _zone(position: int, first: int, last: int) -> str:
    if position < first:
        return f"zone=head{min(first - position, 4)}"
    return f"zone=tail{min(position - last, 6)}" if position > last else "zone=body"


def _neighbours(summaries: Sequence[str], position: int) -> list[str]:
    padded = ["start", "start", *summaries, "end", "end"]
    before2, before, _, after, after2 = padded[position : position + 5]
    return [f"-2={before2}", f"-1={before}", f"+1={after}", f"+2={after2}", f"both={before}/{after}"]


def _rules(part: Part, evidence: Sequence[Evidence]) -> list[str]:
    """Return what the evidence in a part says, strongest first."""
    row: dict[str, None] = {}
    for item in sorted(evidence, key=lambda item: -item.weight):
        shared = min(item.end, part.end) - max(item.start, part.start)
        soft = "s" if item.label in KEPT_BY_DEFAULT else ""
        row[f"{soft}{item.weight:g}{3 * shared // (part.end - part.start)}"] = None
        row[f"r={item.label}{item.weight:g}"] = None
        row[f"r={item.rule}"] = None
    return list(row)


def _shape(text: str, part: Part) -> list[str]:
    length, end = _length(text), _ending(text)
    capitals = _capitals(text.split())
    return [
        "block" if part.whole else "sentence",
        f"length={length}",
        f"end={end}",
        f"start={_opening(text)}",
        f"capitals={capitals}",
        f"marks={_marks(text)}",
        f"length/end={length}{end}",
        f"length/capitals={length}{capitals}",
    ]


def _length(text: str) -> int:
    count = text.count(" ") + 1
    return sum(count > limit for limit in _LENGTHS)


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
    return "9" if first.isdigit() else first if first in "\"'([>-*•|" else "-"


def _capitals(words: Sequence[str]) -> str:
    letters = [word for word in words if word[0].isalpha()]
    if not letters:
        return "none"
    if len(words) > 1 and all(word.isupper() for word in letters):
        return "all"
    return str(4 * sum(word[0].isupper() for word in letters) // len(letters))


def _marks(text: str) -> str:
    found = [name for name, mark in _MARKS if mark in text]
    if _ADDRESS.search(text):
        found.append("@")
    if any(map(str.isdigit, text)):
        found.append("9")
    return "".join(found)


def _voice(lowered: str, voice: Voice) -> list[str]:
    row = [f"address={min(2, voice.address.count(lowered))}"]
    return [*row, "reports"] if voice.reporting.count(lowered) else row


def _words(lowered: str) -> list[str]:
    words = _WORD.findall(lowered[:1000])
    if len(words) > FIRST_WORDS + LAST_WORDS:
        words = [*words[:FIRST_WORDS], "…", *words[-LAST_WORDS:]]
    row = [f"w:{slot(word)}" for word in dict.fromkeys(words)]
    row += [f"s:{slot(word[:5])}" for word in dict.fromkeys(words) if len(word) > 5]
    row += [f"b:{slot(pair)}" for pair in dict.fromkeys(map(" ".join, zip(words, words[1:], strict=False)))]
    return [*row, *(f"e:{edge}" for edge in _edges(words))]


def _edges(words: Sequence[str]) -> list[str]:
    return [f"^{slot(words[0])}", f"^^{slot(' '.join(words[:2]))}"] if words else []


def slot(text: str) -> int:
    """Return the hash slot of a word or phrase, the same on every platform."""
    return crc32(text.encode("utf-8", "surrogatepass")) % HASH_SPACE
