"""What a run did, counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cleannews.batch.records import Failure, Result
from cleannews.document import Label

FAILURES_KEPT = 1_000
"""Failures that are named in the statistics; all of them are counted."""


@dataclass(slots=True)
class Tally:
    """Counts of documents.

    Attributes:
        documents: how many came through, changed or not.
        changed: from how many something was taken.
        failed: how many inputs or records could not be processed.
        bytes_read: size of the documents, in UTF-8.
        bytes_written: size of the clean texts, in UTF-8.
        removed: for each label, how many stretches and how many characters were taken.
        failures: the first failures, as pairs of name and reason.

    """

    documents: int = 0
    changed: int = 0
    failed: int = 0
    bytes_read: int = 0
    bytes_written: int = 0
    removed: dict[str, list[int]] = field(default_factory=dict)
    failures: list[list[str]] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Count a result."""
        if not result.record.is_document:
            return
        self.documents += 1
        self.changed += result.is_changed
        size = _size(result.record.raw)
        self.bytes_read += size
        self.bytes_written += _size(result.text) if result.article else size
        for removal in result.article.removals if result.article else ():
            count = self.removed.setdefault(str(removal.label), [0, 0])
            count[0] += 1
            count[1] += removal.end - removal.start

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self.failed += 1
        if len(self.failures) < FAILURES_KEPT:
            self.failures.append([failure.name, failure.reason])

    def merge(self, other: Tally) -> None:
        """Add the counts of another."""
        self.documents += other.documents
        self.changed += other.changed
        self.failed += other.failed
        self.bytes_read += other.bytes_read
        self.bytes_written += other.bytes_written
        for label, (spans, characters) in other.removed.items():
            count = self.removed.setdefault(label, [0, 0])
            count[0] += spans
            count[1] += characters
        self.failures += other.failures[: FAILURES_KEPT - len(self.failures)]

    def as_data(self) -> dict[str, Any]:
        """Return plain data that `from_data` reads."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Tally:
        """Return the tally of plain data."""
        return cls(**data)


@dataclass(slots=True)
class Summary:
    """A whole run.

    Attributes:
        tally: what was counted, with what an interrupted run had done before.
        files: how many inputs were processed to their ends, though records of them may have failed.
        skipped: how many inputs were left out, as they were done before and have not changed.
        taken_up: how many documents an interrupted run had done before.
        seconds: how long it took.
        is_interrupted: whether it did not come to its end.

    """

    tally: Tally = field(default_factory=Tally)
    files: int = 0
    skipped: int = 0
    taken_up: int = 0
    seconds: float = 0.0
    is_interrupted: bool = False
    bytes_taken_up: int = 0

    def take_up(self, tally: Tally) -> None:
        """Add what an interrupted run had counted."""
        self.tally.merge(tally)
        self.taken_up += tally.documents
        self.bytes_taken_up += tally.bytes_read

    @property
    def megabytes_per_second(self) -> float:
        """The speed of this run, in millions of bytes of documents."""
        return (self.tally.bytes_read - self.bytes_taken_up) / 1e6 / self.seconds if self.seconds else 0.0

    def as_data(self) -> dict[str, Any]:
        """Return plain data for a file of statistics."""
        tally = self.tally
        return {
            "documents": tally.documents,
            "changed": tally.changed,
            "failed": tally.failed,
            "files": self.files,
            "files_skipped": self.skipped,
            "documents_taken_up": self.taken_up,
            "bytes_read": tally.bytes_read,
            "bytes_written": tally.bytes_written,
            "seconds": round(self.seconds, 3),
            "megabytes_per_second": round(self.megabytes_per_second, 3),
            "interrupted": self.is_interrupted,
            "removed": {
                label: {"spans": tally.removed[label][0], "characters": tally.removed[label][1]}
                for label in map(str, Label)
                if label in tally.removed
            },
            "failures": [{"name": name, "reason": reason} for name, reason in tally.failures],
        }


def _size(raw: str | bytes | None) -> int:
    return len(raw.encode("utf-8", "replace")) if isinstance(raw, str) else len(raw or b"")


def table(summary: Summary) -> str:
    """Return a summary as a table to be read."""
    tally = summary.tally
    rows = [
        ("documents", f"{tally.documents:,}"),
        ("changed", f"{tally.changed:,}"),
        ("failed", f"{tally.failed:,}"),
        ("read", f"{tally.bytes_read / 1e6:,.1f} MB"),
        ("written", f"{tally.bytes_written / 1e6:,.1f} MB"),
        ("time", f"{summary.seconds:,.1f} s"),
        ("speed", f"{summary.megabytes_per_second:,.2f} MB/s"),
    ]
    if summary.taken_up:
        rows.insert(1, ("done before", f"{summary.taken_up:,}"))
    lines = [f"  {name:<12}{value:>14}\n" for name, value in rows]
    if tally.removed:
        lines.append(f"  {'removed':<12}{'passages':>14}{'characters':>14}\n")
    for label in map(str, Label):
        if label in tally.removed:
            spans, characters = tally.removed[label]
            lines.append(f"    {label:<10}{spans:>14,}{characters:>14,}\n")
    return "".join(lines)
