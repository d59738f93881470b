"""Which of a page's blocks are its article.

The learned model judges each block on what the page shows. Where it is unsure of a page, trafilatura is asked
as well, and both are weighed. What follows are few rules that hold on any page: the headline is metadata,
a standfirst that the page itself tells of is text, and nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cleannews.extract.blocks import Block
from cleannews.extract.conventions import KINDS
from cleannews.extract.features import NONE, Claims, describe, share_within, shingles, words_of
from cleannews.extract.model import load_model

# A block goes into the text if it is likelier than this to be the article's own. A little under one half:
# losing a reported sentence is worse than leaving a "Share".
LIKELY = 0.45
# Share of the article's words on which the model may be mistaken, above which trafilatura is asked: a quarter of
# the development pages, and on the others its opinion changed nothing for the better.
UNSURE = 0.11
# The same when its precise mode has been heard, above which its usual mode is asked, too: it finds more of a page, and
# what it found changed the text of no page on which less was doubtful.
STILL_UNSURE = 0.2
# On longer pages trafilatura is not asked, which takes seconds for them; the longest stories have a tenth of this.
MAX_ADVISED_WORDS = 100_000
# What each opinion weighs on such pages; chosen by cross-validation over the publishers.
WEIGHT_ALONE, WEIGHT_ADVISED, WEIGHT_TRAFILATURA = 0.4, 0.3, 0.3
# A block is in trafilatura's text if more than this of it is.
AGREED = 0.5
# If its text is so many times what was chosen and has this share of it, then what was chosen is a part of the story:
# losing the rest would be worse than what it may have taken too much.
FOUND_MORE, PART_OF_FOUND = 1.4, 0.8
# Keeps the doubt about a few words from looking like doubt about a story.
FEW_WORDS = 20
# How many blocks back and forth belong to the neighbourhood of one.
NEAR = 3

# The headline is among the first blocks of the text or it is not there; further down it is a link or a heading.
HEADLINE_BLOCKS = 3
# Words from which on the beginning of the page's title ("Headline | Paper") is a headline and no chance.
HEADLINE_WORDS = 4
# Words from which on a block that the page's description begins with (or the other way round) is the standfirst.
STANDFIRST_WORDS = 8
# Longer than any standfirst: the description was taken from the story's first paragraph.
STANDFIRST_CHARS = 800
# A block as long as this that reads the same as an earlier one is no chance.
REPEATED_WORDS = 12
# Parts in which a description is repeated, but not as the story's standfirst, and how near around it.
ELSEWHERE = ("aside", "navigation", "footer", "related", "comment", "consent")
ELSEWHERE_DISTANCE = 2

_ELSEWHERE = tuple(map(KINDS.index, ELSEWHERE))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A block of the article.

    Attributes:
        block: the block.
        probability: how likely it is the article's own.
    """

    block: Block
    probability: float


def choose(blocks: Sequence[Block], claims: Claims, advice: Callable[[bool], str]) -> list[Chosen]:
    """Return the blocks of the article, in order.

    Args:
        blocks: those of the page.
        claims: what the page says of its story.
        advice: gives trafilatura's text of the page, in its precise mode or not; called only where it is needed.
    """
    likely = _probabilities(blocks, claims, advice)
    numbers = [number for number, value in enumerate(likely) if value > LIKELY]
    numbers = _without_headline(numbers, blocks, claims)
    numbers = _with_standfirst(numbers, blocks, claims)
    return [Chosen(blocks[number], likely[number]) for number in _without_repeats(numbers, blocks)]


def _probabilities(blocks: Sequence[Block], claims: Claims, advice: Callable[[bool], str]) -> list[float]:
    model = load_model()
    rows = describe(blocks, claims)
    alone = [model.alone.probability(row) if row else 0.0 for row in rows]
    if doubt(blocks, alone) <= UNSURE or sum(block.words for block in blocks) > MAX_ADVISED_WORDS:
        return alone
    opinions = opinions_of(blocks, advice(True))
    advised = [
        model.advised.probability([*row, *opinion]) if row else 0.0 for row, opinion in zip(rows, opinions, strict=True)
    ]
    agreements = [agreement(opinion) for opinion in opinions]
    likely = [
        WEIGHT_ALONE * first + WEIGHT_ADVISED * second + WEIGHT_TRAFILATURA * third
        for first, second, third in zip(alone, advised, agreements, strict=True)
    ]
    likely = _mended(likely, agreements, blocks)
    if doubt(blocks, likely) <= STILL_UNSURE:
        return likely
    return _mended(likely, [agreement(opinion) for opinion in opinions_of(blocks, advice(False))], blocks)


def _mended(likely: list[float], agreements: list[float], blocks: Sequence[Block]) -> list[float]:
    """Return the likelihoods with trafilatura's where what is chosen is only a part of what it found."""
    chosen = sum(block.words for block, value in zip(blocks, likely, strict=True) if value > LIKELY)
    found = both = 0
    for block, value, agreed in zip(blocks, likely, agreements, strict=True):
        if agreed > AGREED:
            found += block.words
            both += block.words if value > LIKELY else 0
    if found < FOUND_MORE * chosen or both < PART_OF_FOUND * chosen:
        return likely
    return [max(pair) for pair in zip(likely, agreements, strict=True)]


def doubt(blocks: Sequence[Block], likely: Sequence[float]) -> float:
    """Return the share of the article's words on which the model may be mistaken."""
    doubtful = sum(block.words * min(value, 1 - value) for block, value in zip(blocks, likely, strict=True))
    return doubtful / (sum(block.words * value for block, value in zip(blocks, likely, strict=True)) + FEW_WORDS)


Opinion = tuple[float, float, float, float]


def opinions_of(blocks: Sequence[Block], text: str) -> list[Opinion]:
    """Return what an extracted text says of each block, in the order of `OPINION_NAMES`."""
    whole = shingles(words_of(text))
    own = [share_within(words_of(block.text), whole) for block in blocks]
    before = _carried(own)
    after = _carried(own[::-1])[::-1]
    return [(own[number], _near(own, number), before[number], after[number]) for number in range(len(own))]


def _carried(shares: Sequence[float]) -> list[float]:
    """Return for each block the share of the last one that is long enough to have one, itself included."""
    last, carried = NONE, []
    for share in shares:
        last = last if share == NONE else share
        carried.append(last)
    return carried


def _near(shares: Sequence[float], number: int) -> float:
    known = [share for share in shares[max(0, number - NEAR) : number + NEAR + 1] if share != NONE]
    return sum(known) / len(known) if known else NONE


def agreement(opinion: Opinion) -> float:
    """Return how far a text has a block: a short block is there if the blocks on both sides are."""
    own, _, before, after = opinion
    return own if own != NONE else max(0.0, min(before, after))


def _without_headline(numbers: list[int], blocks: Sequence[Block], claims: Claims) -> list[int]:
    titles = [words_of(title) for title in claims.titles]
    if len(numbers) < 2:
        return numbers
    for place, number in enumerate(numbers[:HEADLINE_BLOCKS]):
        words = words_of(blocks[number].text)
        whole = words in titles
        if words and (
            whole or (len(words) >= HEADLINE_WORDS and any(title[: len(words)] == words for title in titles))
        ):
            return [*numbers[:place], *numbers[place + 1 :]]
    return numbers


def _with_standfirst(numbers: list[int], blocks: Sequence[Block], claims: Claims) -> list[int]:
    """Add the visible standfirst, which the page's description repeats, if it stands above the text and not in it."""
    if not numbers:
        return numbers
    descriptions = [words for text in claims.descriptions if len(words := words_of(text)) >= STANDFIRST_WORDS]
    if not descriptions:
        return numbers
    chosen = set(numbers)
    for number in range(numbers[-1]):
        block = blocks[number]
        if len(block.text) > STANDFIRST_CHARS or not _describes(words_of(block.text), descriptions):
            continue
        if number in chosen:
            return numbers
        distances = block.container.distances
        if number < numbers[0] and all(distances[kind] > ELSEWHERE_DISTANCE for kind in _ELSEWHERE):
            return numbers if _is_in(block, numbers, blocks) else [number, *numbers]
    return numbers


def _describes(words: list[str], descriptions: Sequence[list[str]]) -> bool:
    return len(words) >= STANDFIRST_WORDS and any(
        words[: len(description)] == description or description[: len(words)] == words for description in descriptions
    )


def _is_in(block: Block, numbers: Sequence[int], blocks: Sequence[Block]) -> bool:
    words = words_of(block.text)
    text = " ".join(" ".join(words_of(blocks[number].text)) for number in numbers)
    return " ".join(words) in text


def _without_repeats(numbers: Sequence[int], blocks: Sequence[Block]) -> list[int]:
    """Leave out what is said twice: a pulled quotation, a standfirst, a part for narrow screens.

    A refrain stays: what comes again in the same container after something else, as the meals of a week's plan do.
    """
    said: dict[str, Block] = {}
    once: list[int] = []
    for number in numbers:
        block = blocks[number]
        if block.words >= REPEATED_WORDS:
            first = said.setdefault(block.text, block)
            if first is not block and not (_are_siblings(first, block) and blocks[once[-1]].text != block.text):
                continue
        once.append(number)
    return once


def _are_siblings(one: Block, other: Block) -> bool:
    return one.container.tag == other.container.tag and one.container.parent is other.container.parent
