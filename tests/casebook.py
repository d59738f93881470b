"""Reads the fixture cases, for tests and benchmarks."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

CASES = Path(__file__).parent.parent / "fixtures" / "cases"


class Kind(StrEnum):
    """What a case shows; see fixtures/README.md."""

    IN_THE_WILD = "in-the-wild"
    SYNTHETIC = "synthetic"
    NEGATIVE = "negative"
    KNOWN_FAILURE = "known-failure"


@dataclass(frozen=True, slots=True)
class Case:
    """One scraped text and the clean article that must come out of it; see fixtures/README.md."""

    name: str
    language: str
    kind: Kind
    labels: tuple[str, ...]
    raw: str
    clean: str
    also: tuple[str, ...] = ()
    removals: int | None = None

    @property
    def id(self) -> str:
        """The name to show and to select it by."""
        return f"{self.language}-{self.kind}-{self.name.replace(' ', '-')}"


def read_cases() -> list[Case]:
    """Return all cases of all files, in the order of the files' names."""
    cases = []
    for path in sorted(CASES.glob("*.toml")):
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            kind = Kind(table.pop("kind"))
            labels, also = (tuple(table.pop(key, ())) for key in ("labels", "also"))
            clean = table.pop("clean", table["raw"] if kind is Kind.NEGATIVE else None)
            cases.append(Case(kind=kind, labels=labels, also=also, clean=clean, **table))
    return cases
