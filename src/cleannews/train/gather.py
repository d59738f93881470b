"""Gathering everything that a scorer is trained on, from the gold, the pages and the copy written for it."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from cleannews.train.data import Text, documents, flattened, pieces_of_copy, segments
from cleannews.train.glue import glued
from cleannews.train.layouts import layouts
from cleannews.train.marks import marked_articles, marked_pages, pages_with_marks
from cleannews.train.pages import pages

PAGE_SETS = ("fundus", "aeb", "wcxb")

TOGETHER = 4
"""Lone paragraphs of reporting that make a story."""

SEEDS = (7, 8)
"""Where copy is set into articles is chosen by them: every article is taken once for each."""


def gather(gold: Path, html: Path, corpus: Path, folds: int) -> list[Text]:
    """Return all texts to train on.

    Args:
        gold: folder with dev.jsonl, dev-multilingual.jsonl, segments.jsonl and copy.jsonl.
        html: folder with the page sets; a set that is not there is left out.
        corpus: folder with the corpus, dev.jsonl.gz, articles of which are marked; left out if it is not there.
        folds: folds of the cross-validation: copy is only set into articles of its own fold.
    """
    marked = [text for name in ("dev", "dev-multilingual") for text in documents(gold / f"{name}.jsonl")]
    own = own_copy()
    copy = [*pieces_of_copy(gold / "copy.jsonl", "outlet"), *(text for text in own if text.spans)]
    read = [*marked_articles(corpus / "dev.jsonl.gz"), *marked_pages(html)]
    told = [*marked, *read, *stories(own), *layouts(marked, folds, SEEDS[0])]
    done = pages_with_marks()
    return [
        *told,
        *map(flattened, told),
        *segments(gold / "segments.jsonl"),
        *copy,
        *(text for seed in SEEDS for text in glued(told, copy, folds, seed)),
        *(text for name in PAGE_SETS if (html / name).is_dir() for text in pages(html / name, done)),
    ]


def stories(own: Sequence[Text]) -> list[Text]:
    """Return the reporting that was written for training as short stories: lone paragraphs some at a time."""
    told: list[Text] = []
    for publisher, texts in groupby((text for text in own if not text.spans), key=lambda text: text.publisher):
        pieces = [text.text for text in texts]
        told += [Text(publisher, "story", piece, []) for piece in pieces if "\n\n" in piece]
        lone = [piece for piece in pieces if "\n\n" not in piece]
        told += [
            Text(publisher, "story", "\n\n".join(lone[at : at + TOGETHER]), []) for at in range(0, len(lone), TOGETHER)
        ]
    return told


def own_copy() -> list[Text]:
    """Return the copy, and the reporting that looks like copy, that was written for training."""
    folder = Path(str(files("cleannews.train"))) / "copy"
    return [text for path in sorted(folder.glob("*.jsonl")) for text in pieces_of_copy(path, None)]
