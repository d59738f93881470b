"""The command `python -m cleannews.extract.training SET …`: cross-validates by publisher, then writes the page model.

A set is a folder of `ID.html.gz` beside `SET.jsonl` with the records `id`, `url` and `body`, the article's text.
It needs lightgbm and numpy, which reading pages does not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleannews.extract.blocks import Block
from cleannews.extract.choose import (
    LIKELY,
    UNSURE,
    WEIGHT_ADVISED,
    WEIGHT_ALONE,
    WEIGHT_TRAFILATURA,
    agreement,
    doubt,
    opinions_of,
)
from cleannews.extract.decode import decode
from cleannews.extract.features import NAMES, SHINGLE_WORDS, describe, words_of
from cleannews.extract.model import FILE, OPINION_NAMES
from cleannews.extract.page import parse, trafilatura_text
from cleannews.forest import grown

# Needed for training only, and not among what the project is checked with.
lightgbm: Any = import_module("lightgbm")
np: Any = import_module("numpy")

FOLDS = 5
# Chosen by cross-validation: few trees, for there are a few hundred pages and not millions.
PARAMETERS: dict[str, Any] = {
    "objective": "cross_entropy",
    "learning_rate": 0.15,
    "num_leaves": 31,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 63,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
}
ROUNDS = 50
# Ensembles that differ only in their samples are averaged; one alone depends on its luck.
SEEDS = (1, 2)
# A page counts the same however long it is; this keeps short blocks and short pages from counting nothing or all.
BLOCK_WORDS, PAGE_WORDS, MAX_WEIGHT = 3, 40, 0.4


@dataclass(frozen=True, slots=True)
class Example:
    """A page with its blocks described and judged.

    Attributes:
        publisher: its domain.
        blocks: its blocks.
        rows: the numbers of each block, and the opinions on it; None for a block that the model never sees.
        agreements: how far trafilatura has each block.
        targets: the share of each block that is the article's.
        weights: what each block counts.
    """

    publisher: str
    blocks: list[Block]
    rows: list[list[float] | None]
    agreements: list[float]
    targets: list[float]
    weights: list[float]


def read_examples(folder: Path) -> Iterator[Example]:
    """Yield the pages of a set."""
    with Path(f"{folder}.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            page = gzip.decompress((folder / f"{record['id']}.html.gz").read_bytes())
            parsed = parse(decode(page))
            if parsed is None or not parsed.blocks:
                continue
            opinions = opinions_of(parsed.blocks, trafilatura_text(parsed.tree, precise=True))
            rows = describe(parsed.blocks, parsed.claims)
            yield Example(
                publisher=urlsplit(record["url"]).netloc.removeprefix("www."),
                blocks=parsed.blocks,
                rows=[[*row, *opinion] if row else None for row, opinion in zip(rows, opinions, strict=True)],
                agreements=[agreement(opinion) for opinion in opinions],
                targets=targets_of(parsed.blocks, record["body"]),
                weights=_weights(parsed.blocks, record["body"]),
            )


def targets_of(blocks: Sequence[Block], body: str) -> list[float]:
    """Return the share of each block that is in the article; a short one is if its neighbours stand beside it."""
    words = words_of(body)
    runs = {tuple(words[at : at + size]) for size in range(1, 2 * SHINGLE_WORDS) for at in range(len(words) - size + 1)}
    texts = [words_of(block.text) for block in blocks]
    return [_target(number, texts, runs) for number in range(len(texts))]


def _target(number: int, texts: Sequence[list[str]], runs: set[tuple[str, ...]]) -> float:
    own = texts[number]
    if len(own) >= SHINGLE_WORDS:
        own_runs = [tuple(own[at : at + SHINGLE_WORDS]) for at in range(len(own) - SHINGLE_WORDS + 1)]
        return sum(run in runs for run in own_runs) / len(own_runs)
    before = texts[number - 1][1 - SHINGLE_WORDS :] if number else []
    after = texts[number + 1][: SHINGLE_WORDS - 1] if number + 1 < len(texts) else []
    beside = [run for run, side in ((before + own, before), (own + after, after)) if len(side) == SHINGLE_WORDS - 1]
    return float(bool(own) and any(tuple(run) in runs for run in beside))


def _weights(blocks: Sequence[Block], body: str) -> list[float]:
    total = len(words_of(body)) + PAGE_WORDS
    return [min(MAX_WEIGHT, (len(words_of(block.text)) + BLOCK_WORDS) / total) for block in blocks]


class Ensemble:
    """Trees as they come from training."""

    def __init__(self, examples: Sequence[Example], columns: int) -> None:
        """Train on the first `columns` numbers of the blocks."""
        known = [
            (row, target, weight)
            for example in examples
            for row, target, weight in zip(example.rows, example.targets, example.weights, strict=True)
            if row
        ]
        rows = np.array([row[:columns] for row, _, _ in known])
        targets = np.array([target for _, target, _ in known])
        weights = np.array([weight for _, _, weight in known])
        self._columns = columns
        self._boosters = [
            lightgbm.train(
                PARAMETERS | {"seed": seed}, lightgbm.Dataset(rows, targets, weight=weights / weights.mean()), ROUNDS
            )
            for seed in SEEDS
        ]

    def probabilities(self, example: Example) -> list[float]:
        """Return how likely each block is the article's own, as the model's `Forest` does."""
        seen = [number for number, row in enumerate(example.rows) if row]
        likely = [0.0] * len(example.rows)
        if seen:
            rows = np.array([(example.rows[number] or [])[: self._columns] for number in seen])
            raw = sum(booster.predict(rows, raw_score=True) for booster in self._boosters) / len(self._boosters)
            for number, value in zip(seen, 1 / (1 + np.exp(-raw)), strict=True):
                likely[number] = float(value)
        return likely

    def trees(self) -> list[Any]:
        """Return the trees as the model's file has them: round by round, for the first decide most."""
        by_round = zip(*(booster.dump_model()["tree_info"] for booster in self._boosters), strict=True)
        return [grown(info["tree_structure"], 1 / len(SEEDS)) for infos in by_round for info in infos]


def chosen_texts(alone: Ensemble, advised: Ensemble, examples: Sequence[Example]) -> Iterator[list[bool]]:
    """Yield for each page which blocks would be taken."""
    for example in examples:
        likely = alone.probabilities(example)
        if doubt(example.blocks, likely) > UNSURE:
            parts = zip(likely, advised.probabilities(example), example.agreements, strict=True)
            likely = [WEIGHT_ALONE * a + WEIGHT_ADVISED * b + WEIGHT_TRAFILATURA * c for a, b, c in parts]
        yield [value > LIKELY for value in likely]


def cross_validate(examples: Sequence[Example]) -> None:
    """Print precision and recall of the article's words on publishers that were held out, as means over pages."""
    precisions, recalls = [], []
    for fold in range(FOLDS):
        train = [example for example in examples if _fold(example) != fold]
        test = [example for example in examples if _fold(example) == fold]
        for example, taken in zip(test, chosen_texts(*_ensembles(train), test), strict=True):
            own = sum(block.words * target for block, target in zip(example.blocks, example.targets, strict=True))
            got = sum(block.words for block, yes in zip(example.blocks, taken, strict=True) if yes)
            parts = zip(example.blocks, example.targets, taken, strict=True)
            right = sum(block.words * target for block, target, yes in parts if yes)
            precisions.append(right / got if got else 0.0)
            recalls.append(right / own if own else 1.0)
    means = f"precision {np.mean(precisions):.4f}, recall {np.mean(recalls):.4f}"
    print(f"{len(examples)} pages, publishers held out: {means}")


def _ensembles(examples: Sequence[Example]) -> tuple[Ensemble, Ensemble]:
    return Ensemble(examples, len(NAMES)), Ensemble(examples, len(NAMES) + len(OPINION_NAMES))


def _fold(example: Example) -> int:
    return zlib.crc32(example.publisher.encode()) % FOLDS


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, help="folders of pages")
    parser.add_argument("--without", type=int, help="leave out the publishers of this fold, to measure on them")
    parser.add_argument("--out", type=Path, default=Path(str(files("cleannews.extract") / FILE)))
    args = parser.parse_args()
    examples = [example for folder in args.sets for example in read_examples(folder)]
    if args.without is None:
        cross_validate(examples)
    alone, advised = _ensembles([example for example in examples if _fold(example) != args.without])
    model = {"names": [*NAMES, *OPINION_NAMES], "alone": alone.trees(), "advised": advised.trees()}
    args.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
