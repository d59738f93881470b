"""Formats and compression as the names of files tell them."""

from __future__ import annotations

from pathlib import PurePath

from cleannews.batch.compression import SUFFIXES as COMPRESSED
from cleannews.batch.records import Format

SUFFIXES = {
    ".txt": Format.TEXT,
    ".md": Format.MARKDOWN,
    ".html": Format.PAGE,
    ".htm": Format.PAGE,
    ".xhtml": Format.PAGE,
    ".mhtml": Format.MHTML,
    ".mht": Format.MHTML,
    ".json": Format.JSON,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".tsv": Format.TSV,
    ".parquet": Format.PARQUET,
    ".warc": Format.WARC,
}
"""What is read from a directory."""

NEW_SUFFIX = {Format.TEXT: ".txt", Format.MARKDOWN: ".md"} | {
    form: f".{form}" for form in (Format.JSON, Format.JSONL, Format.CSV, Format.TSV, Format.PARQUET)
}
"""The ending of a file that is written in another format than its input's."""


def compression_of(path: PurePath) -> str:
    """Return the ending that says how a file is compressed; empty if none does."""
    suffix = path.suffix.lower()
    return suffix if suffix in COMPRESSED else ""


def format_of(path: PurePath) -> Format | None:
    """Return the format that a file's name tells; None if it tells none."""
    return SUFFIXES.get(_inner(path).suffix.lower())


def with_format(path: PurePath, form: Format) -> str:
    """Return the name for the file in another format, compressed as before; unchanged if its name fits already."""
    own = format_of(path)
    if own is form:
        return path.name
    inner = _inner(path)
    stem = inner.stem if own else inner.name
    compression = "" if form is Format.PARQUET else path.name[len(inner.name) :]
    return f"{stem}{NEW_SUFFIX[form]}{compression}"


def _inner(path: PurePath) -> PurePath:
    """Return the path without the ending of a compression."""
    return path.with_name(path.stem) if compression_of(path) and path.stem else path
