"""Segmenting: paragraphs (blocks) and sentences with their offsets in the folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

CHUNK = 6_000
"""Characters given to the sentence segmenter at once: it is quadratic in the number of quotation marks."""

LONGEST_QUOTE = 1_000
"""Characters beyond which a quotation is cut into its sentences: sentencex keeps together all that stands between two
quotation marks, and they may be the first and the last of a speech, or belong to two quotations."""

OPENERS = frozenset(
    """
    A Aber About According After Al All Alla Als Although Am An Anche And Another Ante Ao As At Au Auch Auf Aus
    Aux Avec Because Before Bei Bis But By Ce Ces Cette Che Com Come Con Cuando Da Dal Damit Dann Dans Das Dass
    De Dem Den Denn Depuis Der Des Desde Despite Did Die Dies Diese Dieser Do Doch Does Dopo Durch During
    Earlier Een Ein Eine Einer El Ella Elle En Er Es Esta Este Even Every Few First For From Für Gli Had Has
    Have He Her Here Het Hier Hij His How However Ich If Il Ils Im In Instead Is Ist It Its Kein La Las
    Last Later Le Les Lors Los Mais Man Many Meanwhile Mit More Most My Nach Near Nearly Nel Nicht No Noch Non
    Not Now Nun Nur Não O Ob On Once One Only Ook Or Os Other Our Over Para Per Pero Por Pour Se Segundo Según
    Seit Selon She Si Sin Since So Sobre Some Son Sono Still Su Such Sur Than That The Their Then There
    These They This Those Though Three Through To Tras Trotz Two Um Uma Un Una Und Under Une Uno Unter Until Van
    Viele Vom Von Voor Vor Was We Weil Wenn Wer Were What When Where Which While Who Why Wie Wir With Without Wo
    Yet You Your Ze Zij Zu Zum Zur Zwei
    """.split()  # noqa: SIM905
)
"""Words that have a capital only because they open a sentence: they show where a story goes on without a line break."""

JOINERS = frozenset(
    """
    a about al an and are as at be by called con da das de del della dem den der des di die do du e el en et for
    from för her his i im in into is its la le les listen mit my na named o of og on or os ou our over para per
    plus por read said says see sur than that the their this til titled to u um und van via vom von vs was watch
    with y your zu zum zur à
    """.split()  # noqa: SIM905
)
"""Words after which a capital belongs to a name: "sign up for The Morning Wire"."""

_SEAM = re.compile(r"[A-ZÀ-Þ](?<=[\w)…] .)\w* (?=[a-zß-ÿ0-9])")
"""A word with a capital behind another word and before one without; the search is for the capital, which is rare."""

_QUOTE_MARK = re.compile(r"\"|(?<!\w)'")

_QUOTE_END = re.compile(r"[.!?…][\"')\]]+ +(?=[\"'(\[]*[^\W\d_a-z])")
"""The end of a quoted sentence: sentencex keeps what is in quotation marks and what follows together."""


# Not frozen, which would triple the time it takes to make one: there is one for every line and sentence.
@dataclass(slots=True)
class Block:
    """A paragraph: a line with something on it, without the white space around it."""

    index: int
    start: int
    end: int


@dataclass(slots=True)
class Sentence:
    """A sentence inside a block, without the white space around it."""

    start: int
    end: int


def blocks_of(text: str, start: int = 0) -> list[Block]:
    """Return the blocks of folded `text` from `start` on."""
    blocks: list[Block] = []
    position = start
    for line in text[start:].split("\n") if start else text.split("\n"):
        stripped = line.strip()
        if stripped:
            first = position if len(stripped) == len(line) else position + line.index(stripped[0])
            blocks.append(Block(len(blocks), first, first + len(stripped)))
        position += len(line) + 1
    return blocks


def sentences_of(text: str, start: int, end: int) -> list[Sentence]:
    """Return the sentences of `text[start:end]`, which holds no line break; they cover all but white space."""
    sentences: list[Sentence] = []
    position = start
    while position < end:
        chunk_end = _chunk_end(text, position, end)
        cuts = _boundaries(text[position:chunk_end])
        if chunk_end < end and len(cuts) > 1:
            cuts.pop()
        low = position
        for cut in cuts:
            high = position + cut
            piece = text[low:high]
            stripped = piece.strip()
            if stripped:
                first = low + piece.index(stripped[0])
                sentences.append(Sentence(first, first + len(stripped)))
            low = high
        position = low
    return sentences


def _chunk_end(text: str, position: int, end: int) -> int:
    if end - position <= CHUNK:
        return end
    space = text.rfind(" ", position + CHUNK // 2, position + CHUNK)
    return space + 1 if space > 0 else position + CHUNK


def _boundaries(chunk: str) -> list[int]:
    """Return the sorted ends of the sentences of `chunk`; the last is its length."""
    cuts = list(_segmented(chunk))
    more = [match.end() for match in _QUOTE_END.finditer(chunk)]
    more += _seams(chunk)
    return sorted({*cuts, *more, len(chunk)} - {0})


def _segmented(chunk: str) -> Iterator[int]:
    """Yield the ends of the sentences that the segmenter sees."""
    import sentencex  # noqa: PLC0415

    end = 0
    for sentence in sentencex.segment("en", chunk):
        if len(sentence) > LONGEST_QUOTE:
            unquoted = _QUOTE_MARK.sub(" ", sentence)
            yield from accumulate(map(len, sentencex.segment("en", unquoted)), initial=end)
        end += len(sentence)
        yield end


def _seams(chunk: str) -> Iterator[int]:
    """Yield where a sentence is glued to another without a mark between: "… our newsletter The council has …"."""
    for match in _SEAM.finditer(chunk):
        start, end = match.span()
        if chunk[start : end - 1] in OPENERS and _last_word(chunk, start - 1) not in JOINERS:
            yield start


def _last_word(chunk: str, end: int) -> str:
    """Return the word that ends at `end`, in lower case and without the marks behind it."""
    return chunk[chunk.rfind(" ", 0, end) + 1 : end].rstrip(")…").lower()
