"""Which module reads and writes which format. Loaded when needed: some bring large libraries along."""

from __future__ import annotations

from cleannews.batch.formats.base import Encoder, Reads
from cleannews.batch.records import Extras, Format


def reader(form: Format) -> Reads:  # noqa: PLR0911  (one line for each format)
    """Return what reads a format."""
    match form:
        case Format.JSONL:
            from cleannews.batch.formats import jsonlines  # noqa: PLC0415

            return jsonlines.read
        case Format.JSON:
            from cleannews.batch.formats import jsonarray  # noqa: PLC0415

            return jsonarray.read
        case Format.CSV | Format.TSV:
            from cleannews.batch.formats import table  # noqa: PLC0415

            return table.read
        case Format.PARQUET:
            from cleannews.batch.formats import parquet  # noqa: PLC0415

            return parquet.read
        case Format.WARC:
            from cleannews.batch.formats import warc  # noqa: PLC0415

            return warc.read
        case Format.MHTML:
            from cleannews.batch.formats import mhtml  # noqa: PLC0415

            return mhtml.read
        case _:
            from cleannews.batch.formats import document  # noqa: PLC0415

            return document.read


def encoder(form: Format, extras: Extras, *, source: Format | None) -> Encoder:
    """Return what writes a format.

    Args:
        form: what is written.
        extras: fields that records get.
        source: the format of the one input that the file is made from, of which everything is taken over that is not
            a record: separators, titles, blank lines. None if there are several inputs.
    """
    match form:
        case Format.JSONL:
            from cleannews.batch.formats import jsonlines  # noqa: PLC0415

            return jsonlines.LinesEncoder(extras, keeps_blanks=source is form)
        case Format.JSON:
            from cleannews.batch.formats import jsonarray  # noqa: PLC0415

            return jsonarray.ArrayEncoder(extras, is_verbatim=source is form)
        case Format.CSV | Format.TSV:
            from cleannews.batch.formats import table  # noqa: PLC0415

            return table.TableEncoder(extras, "\t" if form is Format.TSV else ",", is_verbatim=source is form)
        case Format.PARQUET:
            from cleannews.batch.formats import parquet  # noqa: PLC0415

            return parquet.ParquetEncoder(extras)
        case _:
            from cleannews.batch.formats import document  # noqa: PLC0415

            return document.TextEncoder()
