"""The marks of readers that the scorer is trained on: offsets and digests, and no text of anybody's."""

from __future__ import annotations

import gzip
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from cleannews.document import Label
from cleannews.train.marks import DIGEST, digest_of, marked_articles

MARKS = Path(str(files("cleannews.train"))) / "marks"
LABELS = {*map(str, Label), "unsure"}


def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (MARKS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def in_order(spans: list[tuple[int, int, str]]) -> bool:
    ends = [0, *(end for _, end, _ in spans)]
    return all(last <= start < end for last, (start, end, _) in zip(ends, spans, strict=False))


def test_articles_have_sorted_spans_of_known_labels_and_nothing_else() -> None:
    found = records("corpus")
    assert len(found) > 900
    assert all(set(record) == {"id", "spans"} and in_order(record["spans"]) for record in found)
    assert {label for record in found for _, _, label in record["spans"]} <= LABELS


def test_pages_have_digests_of_lines_and_nothing_else() -> None:
    found = records("pages")
    assert len(found) > 300
    lines = [(digest, spans) for record in found for digest, spans in record["lines"].items()]
    assert all(len(digest) == DIGEST and int(digest, 16) >= 0 and in_order(spans) for digest, spans in lines)
    assert {label for _, spans in lines for _, _, label in spans} <= LABELS


def test_a_line_has_the_same_digest_whatever_its_white_space() -> None:
    assert digest_of("  Share\u00a0this \tstory\n") == digest_of("Share this story")
    assert digest_of("Share this story") != digest_of("Share this Story")


def test_articles_without_marks_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleannews.train.marks._folder", lambda: tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"id": "b", "spans": [[0, 10, "social"]]}\n', encoding="utf-8")
    corpus = tmp_path / "dev.jsonl.gz"
    articles = [
        {"id": name, "domain": "the-lantern.example", "text": "Share this\n\nThe bridge is open."} for name in "ab"
    ]
    corpus.write_bytes(gzip.compress("\n".join(map(json.dumps, articles)).encode()))
    (text,) = marked_articles(corpus)
    assert (text.publisher, text.spans) == ("the-lantern.example", [(0, 10, "social")])


def test_a_corpus_that_is_not_there_has_no_articles(tmp_path: Path) -> None:
    assert list(marked_articles(tmp_path / "dev.jsonl.gz")) == []
