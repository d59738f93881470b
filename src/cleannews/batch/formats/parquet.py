"""Parquet: read and written a part at a time, with schema, metadata and all other columns as they were.

A Parquet file cannot be taken up in its middle. So what is written first is a row of Arrow streams, one for each
part, and the file is put together from them at the end: each part becomes a row group.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cleannews.batch.formats.base import Chosen, Source, chosen, no_text_field
from cleannews.batch.formats.document import Document, record_of
from cleannews.batch.records import Extras, Record, Result, UnusableInputError, changed_fields

BATCH_ROWS = 256
"""Rows in memory at a time, and as many while their cleaning is under way."""

BUFFER_BYTES = 1 << 20
"""Read at once of a column, so that a row group need not be in memory."""

DEFAULT_CODEC = b"snappy"
"""The compression of a file that is not made from another Parquet file: what every reader knows."""

_CODEC_KEY = b"cleannews.codec"


@dataclass(frozen=True, slots=True)
class Table:
    """What all rows of a file share; the carrier of the schema."""

    schema: Any
    codec: str
    choice: Chosen
    text_field: str | None = None

    def fields(self) -> dict[str, Any] | None:
        """Return None: a schema is no record."""
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """The carrier of a row: its place in a batch."""

    table: Table
    batch: Any
    index: int

    @property
    def text_field(self) -> str | None:
        """The column that gets the clean text."""
        return self.table.choice.text

    def fields(self) -> dict[str, Any] | None:
        """Return the values by their columns' names."""
        row: dict[str, Any] = self.batch.slice(self.index, 1).to_pylist()[0]
        return row


def read(source: Source) -> Iterator[Record]:
    """Yield the schema and the rows; rows that cannot be read are one record with `trouble`.

    Raises:
        UnusableInputError: it is no Parquet file, or there is no column to be cleaned.
    """
    arrow, parquet = _libraries()
    if not source.file.seekable():
        raise UnusableInputError("Parquet cannot be read from a stream; name the file")
    try:
        file = parquet.ParquetFile(
            source.file, buffer_size=BUFFER_BYTES, pre_buffer=False, page_checksum_verification=True
        )
    except (arrow.ArrowException, OSError) as error:
        raise UnusableInputError(f"is not Parquet: {_first_line(error)}") from None
    table = _table(file, source)
    yield Record(source.input, 0, None, table, is_document=False)
    start = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        yield from _group(source, table, file, group, range(start, start + rows))
        start += rows


def _table(file: Any, source: Source) -> Table:  # noqa: ANN401
    schema = file.schema_arrow
    choice = chosen(schema.names, source.names)
    if choice is None:
        raise UnusableInputError(no_text_field(source.names, "column"))
    groups = file.metadata.num_row_groups
    codec = file.metadata.row_group(0).column(0).compression.lower() if groups and schema.names else "snappy"
    return Table(schema, "none" if codec == "uncompressed" else codec, choice)


def _group(source: Source, table: Table, file: Any, group: int, places: range) -> Iterator[Record]:  # noqa: ANN401
    arrow, _ = _libraries()
    number = places.start
    try:
        for batch in file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], use_threads=False):
            for record in _rows(source, table, batch, number):
                number += 1
                yield record
    except (arrow.ArrowException, OSError) as error:
        reason = f"rows {number + 1} to {places.stop} (row group {group}) cannot be read: {_first_line(error)}"
        yield Record(source.input, number + 1, trouble=reason)


def _rows(source: Source, table: Table, batch: Any, start: int) -> Iterator[Record]:  # noqa: ANN401
    raws = batch.column(table.choice.raw).to_pylist()
    named = {name: batch.column(name).to_pylist() for name in (table.choice.id, table.choice.url) if name}
    for index, raw in enumerate(raws):
        row = Row(table, batch, index)
        label = table.choice.label({name: values[index] for name, values in named.items()})
        is_text = raw is None or isinstance(raw, str | bytes)
        trouble = None if is_text else f"column {table.choice.raw!r} is no text"
        yield Record(source.input, start + index + 1, raw if is_text else None, row, trouble=trouble, label=label)


class ParquetEncoder:
    """Collects rows, and gives them out as an Arrow stream."""

    has_own_compression = True
    needs_assembly = True

    def __init__(self, extras: Extras) -> None:
        self._extras = extras
        self._table: Table | None = None
        self._results: list[Result] = []

    def encode(self, result: Result) -> bytes:
        """Return nothing: rows are held back."""
        carrier = result.record.carrier
        if isinstance(carrier, Table):
            self._table = carrier
        elif isinstance(carrier, Row) or (carrier is not None and carrier.fields() is not None):
            self._results.append(result)
        return b""

    def flush(self) -> bytes:
        """Return the rows as an Arrow stream."""
        if not self._results:
            return b""
        part = self._part(self._results)
        self._results = []
        return _streamed(part)

    def _part(self, results: list[Result]) -> Any:  # noqa: ANN401
        arrow, _ = _libraries()
        pieces = [_piece(run, self._extras) for run in _runs(results)]
        try:
            part = arrow.concat_tables(pieces, promote_options="permissive")
        except arrow.ArrowException as error:
            raise UnusableInputError(f"these records do not fit into one table: {_first_line(error)}") from None
        if self._table is None:
            return part
        return part.replace_schema_metadata({**(part.schema.metadata or {}), _CODEC_KEY: self._table.codec.encode()})

    def end(self) -> bytes:
        """Return nothing: `assemble` ends the file. Of no rows, their schema."""
        if self._table is None:
            return b""
        metadata = {**(self._table.schema.metadata or {}), _CODEC_KEY: self._table.codec.encode()}
        empty = _with_columns(self._table.schema.empty_table(), self._table, [], [], self._extras)
        return _streamed(empty.replace_schema_metadata(metadata))

    def state(self) -> None:
        """Return nothing: parts do not depend on each other."""

    def resume(self, state: object) -> None:
        """Do nothing."""

    def assemble(self, partial: Path, lengths: Sequence[int], file: BinaryIO) -> None:
        """Write the Parquet file, each stream of `partial` as a row group."""
        arrow, parquet = _libraries()
        schemas = [_schema(partial, *span) for span in _spans(lengths)]
        if not schemas:
            raise UnusableInputError("there is no record, and so no column to write")
        try:
            schema = arrow.unify_schemas(schemas, promote_options="permissive")
        except arrow.ArrowException as error:
            raise UnusableInputError(f"these records do not fit into one table: {_first_line(error)}") from None
        metadata = dict(schemas[0].metadata or {})
        if _CODEC_KEY not in metadata:
            schema = _without_nulls(schema)
        codec = metadata.pop(_CODEC_KEY, DEFAULT_CODEC).decode()
        schema = schema.with_metadata(metadata or None)
        with parquet.ParquetWriter(file, schema, compression=codec) as writer:
            for span in _spans(lengths):
                table = _fitted(_read_part(partial, *span), schema)
                if table.num_rows:
                    writer.write_table(table, row_group_size=table.num_rows)


def _runs(results: list[Result]) -> Iterator[list[Result]]:
    """Yield results that are written together: rows of one batch, or records from elsewhere."""
    run: list[Result] = []
    for result in results:
        if run and _batch(result) is not _batch(run[0]):
            yield run
            run = []
        run.append(result)
    if run:
        yield run


def _batch(result: Result) -> Any:  # noqa: ANN401
    carrier = result.record.carrier
    return carrier.batch if isinstance(carrier, Row) else None


def _piece(run: list[Result], extras: Extras) -> Any:  # noqa: ANN401
    arrow, _ = _libraries()
    carrier = run[0].record.carrier
    if not isinstance(carrier, Row):
        return _from_records([_plain(result, extras) for result in run])
    indices = [result.record.carrier.index for result in run if isinstance(result.record.carrier, Row)]
    table = arrow.Table.from_batches([carrier.batch])
    if indices == list(range(indices[0], indices[-1] + 1)):
        table = table.slice(indices[0], len(indices))
    else:
        table = table.take(indices)
    return _with_columns(table, carrier.table, run, indices, extras)


def _with_columns(table: Any, shared: Table, run: list[Result], indices: list[int], extras: Extras) -> Any:  # noqa: ANN401
    """Return the table with the clean texts and the extra columns."""
    arrow, _ = _libraries()
    news = [changed_fields(result, extras) for result in run]
    name = shared.choice.text
    if name not in table.schema.names:
        table = table.append_column(name, arrow.array([new.get(name) for new in news], arrow.string()))
    elif any(name in new for new in news):
        column = table.column(name)
        values = [new.get(name, old) for new, old in zip(news, column.to_pylist(), strict=True)]
        table = table.set_column(table.schema.get_field_index(name), table.schema.field(name), _column(values, column))
    for extra in extras.names:
        kind = _removed_type() if extra == "removed" else arrow.string()
        values = arrow.array([new.get(extra) for new in news], kind)
        place = table.schema.get_field_index(extra)
        table = table.append_column(extra, values) if place < 0 else table.set_column(place, extra, values)
    return table


def _column(values: list[Any], old: Any) -> Any:  # noqa: ANN401
    """Return values as a column of the type that they had."""
    arrow, _ = _libraries()
    kind = old.type.value_type if arrow.types.is_dictionary(old.type) else old.type
    if arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind):
        values = [value.encode() if isinstance(value, str) else value for value in values]
    column = arrow.array(values, kind)
    return column.dictionary_encode().cast(old.type) if arrow.types.is_dictionary(old.type) else column


def _removed_type() -> Any:  # noqa: ANN401
    arrow, _ = _libraries()
    offset, name = arrow.int64(), arrow.string()
    fields = [("start", offset), ("end", offset), ("label", name), ("rule", name), ("element", name)]
    return arrow.list_(arrow.struct(fields))


def _plain(result: Result, extras: Extras) -> dict[str, Any]:
    carrier = result.record.carrier
    if isinstance(carrier, Document):
        return record_of(result, with_source=extras.source)
    return ((carrier.fields() if carrier else None) or {}) | changed_fields(result, extras)


def _from_records(records: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    arrow, _ = _libraries()
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = {}
    for name in names:
        values = [_encodable(record.get(name)) for record in records]
        try:
            kind = _removed_type() if name == "removed" else None
            columns[name] = arrow.array(values, kind)
        except (arrow.ArrowException, OverflowError) as error:
            raise UnusableInputError(f"column {name!r} holds values of different types: {_first_line(error)}") from None
    return arrow.table(columns)


def _encodable(value: Any) -> Any:  # noqa: ANN401
    """Return a value whose texts can be encoded: half a character becomes a question mark."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _encodable(item) for key, item in value.items()}
    return [_encodable(item) for item in value] if isinstance(value, list | tuple) else value


def _streamed(table: Any) -> bytes:  # noqa: ANN401
    arrow, _ = _libraries()
    buffer = io.BytesIO()
    with arrow.ipc.new_stream(buffer, table.schema, options=arrow.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table.combine_chunks())
    return buffer.getvalue()


def _spans(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield where each part starts and ends, without empty ones."""
    for start, end in zip([0, *lengths], lengths, strict=False):
        if end > start:
            yield start, end


def _content(partial: Path, start: int, end: int) -> bytes:
    with partial.open("rb") as file:
        file.seek(start)
        return file.read(end - start)


def _schema(partial: Path, start: int, end: int) -> Any:  # noqa: ANN401
    arrow, _ = _libraries()
    return arrow.ipc.open_stream(_content(partial, start, end)).schema


def _read_part(partial: Path, start: int, end: int) -> Any:  # noqa: ANN401
    arrow, _ = _libraries()
    return arrow.ipc.open_stream(_content(partial, start, end)).read_all()


def _without_nulls(schema: Any) -> Any:  # noqa: ANN401
    """Return the schema with texts in columns of which nothing is known, as no record has a value there."""
    arrow, _ = _libraries()
    fields = [field.with_type(arrow.string()) if arrow.types.is_null(field.type) else field for field in schema]
    return arrow.schema(fields)


def _fitted(table: Any, schema: Any) -> Any:  # noqa: ANN401
    """Return the table with the columns of `schema`, nulls where it has none."""
    arrow, _ = _libraries()
    if table.schema.names == schema.names:
        return table.cast(schema)
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.schema.names
        else arrow.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return arrow.Table.from_arrays(columns, schema=schema)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow  # noqa: PLC0415
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise UnusableInputError("Parquet needs another library: pip install 'cleannews[parquet]'") from None
    return pyarrow, pyarrow.parquet
