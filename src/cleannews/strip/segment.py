"""Segmenting: paragraphs (blocks) and sentences with their offsets in the folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHUNK = 6_000
"""Characters given to the sentence segmenter at once: it is quadratic in the number of quotation marks."""

_QUOTE_END = re.compile(r"[.!?…][\"')\]]+ +(?=[\"'(\[]*[^\W\d_a-z])")
"""The end of a quoted sentence: sentencex keeps what is in quotation marks and what follows together."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: a line with something on it, without the white space around it."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
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
            first = position + line.index(stripped[0])
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
        for low, high in zip([0, *cuts], cuts, strict=False):
            _append(sentences, text, position + low, position + high)
        position += cuts[-1]
    return sentences


def _chunk_end(text: str, position: int, end: int) -> int:
    if end - position <= CHUNK:
        return end
    space = text.rfind(" ", position + CHUNK // 2, position + CHUNK)
    return space + 1 if space > 0 else position + CHUNK


def _boundaries(chunk: str) -> list[int]:
    """Return the sorted ends of the sentences of `chunk`; the last is its length."""
    import sentencex  # noqa: PLC0415

    cuts = {boundary["end_index"] for boundary in sentencex.get_sentence_boundaries("en", chunk)}
    cuts |= {match.end() for match in _QUOTE_END.finditer(chunk)}
    cuts.add(len(chunk))
    return sorted(cut for cut in cuts if cut > 0)


def _append(sentences: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        first = start + len(piece) - len(piece.lstrip())
        sentences.append(Sentence(first, first + len(stripped)))
