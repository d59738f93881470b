"""Gathering everything that a scorer is trained on, from the gold, the pages and the copy written for it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from cleannews.train.data import Text, documents, flattened, pieces_of_copy, segments
from cleannews.train.glue import glued
from cleannews.train.pages import pages

PAGE_SETS = ("fundus", "aeb", "wcxb")

SEEDS = (7, 8)
"""Where copy is set into articles is chosen by them: every article is taken once for each."""


def gather(gold: Path, html: Path, folds: int) -> list[Text]:
    """Return all texts to train on.

    Args:
        gold: folder with dev.jsonl, dev-multilingual.jsonl, segments.jsonl and copy.jsonl.
        html: folder with the page sets; a set that is not there is left out.
        folds: folds of the cross-validation: copy is only set into articles of its own fold.
    """
    marked = [text for name in ("dev", "dev-multilingual") for text in documents(gold / f"{name}.jsonl")]
    copy = list(pieces_of_copy(gold / "copy.jsonl", "outlet"))
    return [
        *marked,
        *map(flattened, marked),
        *segments(gold / "segments.jsonl"),
        *copy,
        *own_copy(),
        *(text for seed in SEEDS for text in glued(marked, [*copy, *own_copy()], folds, seed)),
        *(text for name in PAGE_SETS if (html / name).is_dir() for text in pages(html / name)),
    ]


def own_copy() -> list[Text]:
    """Return the copy, and the reporting that looks like copy, that was written for training."""
    folder = Path(str(files("cleannews.train"))) / "copy"
    return [text for path in sorted(folder.glob("*.jsonl")) for text in pieces_of_copy(path, None)]
