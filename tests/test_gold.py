"""The invariants on every gold document: `pytest tests/test_gold.py --gold`. Left out of an ordinary run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cleannews import Cleaner
from invariants import check_article

pytestmark = pytest.mark.gold

FILES = ("dev.jsonl", "dev-multilingual.jsonl", "transplant.jsonl")


@pytest.fixture(params=FILES)
def documents(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    path: Path = request.config.getoption("--gold-folder") / request.param
    if not path.is_file():
        pytest.skip(f"there is no {path}; name the folder with --gold-folder")
    return list(_read(path))


@pytest.mark.parametrize("form", ["as it is", "on one line"])
def test_gold_documents_keep_the_invariants(documents: list[tuple[str, str]], form: str) -> None:
    cleaner = Cleaner()
    broken = []
    for name, text in documents:
        raw = " ".join(text.split()) if form == "on one line" else text
        try:
            check_article(cleaner.clean(raw), cleaner)
        except AssertionError as error:
            broken.append(f"{name}: {str(error).splitlines()[0][:400]}")
    assert not broken, f"{len(broken)} of {len(documents)} documents:\n" + "\n".join(broken)


def _read(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield f"{record['domain']} {record['id']}", record["text"]
