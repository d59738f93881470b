"""The invariants on every document of real data sets: `pytest tests/test_gold.py --gold FILE`. Else nothing runs.

A file holds one document a line: a JSON object with `id`, `domain` and `text`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleannews import Cleaner
from invariants import check_article


@pytest.mark.parametrize("form", ["as it is", "on one line"])
def test_gold_documents_keep_the_invariants(gold_file: Path, form: str) -> None:
    cleaner = Cleaner()
    broken = []
    for name, text in read(gold_file):
        raw = " ".join(text.split()) if form == "on one line" else text
        try:
            check_article(cleaner.clean(raw), cleaner)
        except AssertionError as error:
            broken.append(f"{name}: {str(error).splitlines()[0][:400]}")
    assert not broken, f"{len(broken)} documents:\n" + "\n".join(broken)


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of every document."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield f"{record['domain']} {record['id']}", record["text"]
