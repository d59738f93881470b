"""Data sets: what is not cleaned comes out as it went in, in every format and between formats."""

from __future__ import annotations

import bz2
import datetime
import gzip
import io
import json
import lzma
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from fastwarc.warc import WarcRecord, WarcRecordType

from batch_tools import APPEAL, PAGE, RAW, SHARE, STORY, Caller


@pytest.fixture(scope="module")
def call() -> Caller:
    return Caller()


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


TEXT = json.dumps(RAW)
CLEAN = json.dumps(STORY)


# JSON Lines

LINES = [
    ('{"text": %s, "n": 1.50e0, "big": 123456789012345678901234567890, "é": "\\u00e9é"}', True),
    ('{"a":1,"text":%s,"b":[1, 2,{"text":"Share this article"}],"text2":null}', True),
    ('{"text": %s, "a": 1, "a": 2, "nan": NaN, "half": "\\ud83d"}', True),
    ('  {"text" :%s }  ', True),
    ('{"id": 7, "text": null}', False),
    ('{"id": 8, "text": ""}', False),
    ("", False),
    ("   ", False),
]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_keep_everything_but_the_text(call: Caller, tmp_path: Path, line_end: str, mark: str) -> None:
    source = tmp_path / "a.jsonl"
    source.write_bytes((mark + "".join((line % TEXT if raw else line) + line_end for line, raw in LINES)).encode())
    done = call(source, "-o", tmp_path / "b.jsonl")
    assert (done.status, done.errors.startswith("  documents")) == (0, True)
    expected = mark + "".join((line % CLEAN if raw else line) + line_end for line, raw in LINES)
    assert (tmp_path / "b.jsonl").read_bytes() == expected.encode()


def test_bytes_that_are_no_utf8_stay(call: Caller, tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    line = b'{"name": "caf\xe9", "text": %s}\n'
    source.write_bytes(line % TEXT.encode())
    assert call(source, "-o", tmp_path / "b.jsonl").status == 0
    assert (tmp_path / "b.jsonl").read_bytes() == line % CLEAN.encode()


def test_a_line_that_was_ascii_stays_ascii(call: Caller, tmp_path: Path) -> None:
    story = STORY.replace("Forty", "“Fünfzig”")
    for ascii_only in (True, False):
        record = json.dumps({"text": f"{APPEAL}\n{story}"}, ensure_ascii=ascii_only)
        (tmp_path / "a.jsonl").write_text(record, encoding="utf-8")
        assert call(tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl").status == 0
        expected = json.dumps({"text": story}, ensure_ascii=ascii_only)
        assert (tmp_path / "b.jsonl").read_text(encoding="utf-8") == expected


def test_lines_from_standard_input(call: Caller) -> None:
    line = f'{{"id": 1, "text": {TEXT}}}\n'
    assert call(stdin=line.encode() * 2).output == line.replace(TEXT, CLEAN).encode() * 2
    assert call(stdin=b'{"quoted": as a word}, he wrote.\n').output == b'{"quoted": as a word}, he wrote.\n'


def test_a_last_line_without_an_end(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": {TEXT}}}')
    call(tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_text() == f'{{"text": {CLEAN}}}'
    call(tmp_path / "a.jsonl", tmp_path / "a.jsonl", "-o", tmp_path / "c.jsonl")
    assert (tmp_path / "c.jsonl").read_text() == f'{{"text": {CLEAN}}}\n' * 2


@pytest.mark.parametrize(
    ("record", "options", "field"),
    [
        ({"title": "t", "text": RAW}, (), "text"),
        ({"Content": RAW, "summary": RAW}, (), "Content"),
        ({"maintext": RAW}, (), "maintext"),
        ({"text": STORY, "note": RAW}, ("--text-field", "note"), "note"),
    ],
)
def test_fields_are_found_or_named(
    call: Caller, tmp_path: Path, record: dict[str, str], options: tuple[str, ...], field: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(record))
    assert call(*options, tmp_path / "a.jsonl", "-o", tmp_path / "b.jsonl").status == 0
    assert json.loads((tmp_path / "b.jsonl").read_text()) == {**record, field: STORY}


def test_pages_in_a_field_become_text(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"html": PAGE, "n": 1}) + "\n" + json.dumps({"raw": PAGE}))
    done = call(tmp_path / "a.jsonl", "--on-error", "skip", "-o", tmp_path / "b.jsonl")
    assert (done.status, "b.jsonl" in done.errors) == (3, False)
    record = json.loads((tmp_path / "b.jsonl").read_text())
    assert list(record) == ["html", "n", "text"]
    assert (record["html"], STORY.strip() in record["text"], "<p>" in record["text"]) == (PAGE, True, False)
    assert (
        call(tmp_path / "a.jsonl", "--html-field", "raw", "--on-error", "skip", "-o", tmp_path / "c.jsonl").status == 3
    )
    assert list(json.loads((tmp_path / "c.jsonl").read_text())) == ["raw", "text"]


BAD_LINES = ['{"text": ', "[1]", '{"title": "no text"}', '{"text": 7}', "}"]


@pytest.mark.parametrize("choice", ["keep", "skip", "fail", None])
def test_bad_lines_are_named_and_the_others_done(call: Caller, tmp_path: Path, choice: str | None) -> None:
    good = f'{{"text": {TEXT}}}'
    lines = [good, *BAD_LINES, good]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    options = ("--on-error", choice) if choice else ()
    done = call(tmp_path / "a.jsonl", *options, "-o", tmp_path / "b.jsonl")
    assert done.status == 3
    if choice == "fail":
        assert "a.jsonl:2: is not JSON" in done.errors
        assert not (tmp_path / "b.jsonl").exists()
        return
    for number in range(2, 7):
        assert f"a.jsonl:{number}: " in done.errors
    clean = f'{{"text": {CLEAN}}}'
    expected = [clean, clean] if choice == "skip" else [clean, *BAD_LINES, clean]
    assert (tmp_path / "b.jsonl").read_text().splitlines() == expected


def test_records_are_named_by_what_identifies_them(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"doc": "x-1", "url": "http://a/", "text": 1}\n{"id": 5, "text": 1}\n')
    assert "a.jsonl:1 (http://a/): field" in call(tmp_path / "a.jsonl", "--check").errors
    assert "a.jsonl:2 (5): field" in call(tmp_path / "a.jsonl", "--check").errors
    assert "a.jsonl:1 (x-1): field" in call(tmp_path / "a.jsonl", "--check", "--id-field", "doc").errors


# JSON in one piece

ARRAYS = [
    '[{"text": %s, "n": 1.0e0},\n  {"text":%s}\n]\n',
    '[ {"text": %s} , {"text": %s , "a": null}]',
    '\ufeff [\n{"text": %s},{"text": %s}]',
    "[%s, %s]",
    '{"text": %s, "other": %s}',
    '{"text": %s}\n{"text": %s}\n',
]


@pytest.mark.parametrize("content", ARRAYS)
def test_arrays_keep_everything_but_the_text(call: Caller, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content % (TEXT, TEXT), encoding="utf-8")
    assert call(tmp_path / "a.json", "-o", tmp_path / "b.json").status == 0
    second = TEXT if "other" in content else CLEAN
    assert (tmp_path / "b.json").read_text(encoding="utf-8") == content % (CLEAN, second)


def test_an_empty_array(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[ ]")
    assert call(tmp_path / "a.json", "-o", tmp_path / "b.json").status == 0
    assert json.loads((tmp_path / "b.json").read_text()) == []


def test_arrays_larger_than_what_is_read_at_once(call: Caller, tmp_path: Path) -> None:
    records = [{"id": number, "text": RAW, "pad": "é" * 70_000} for number in range(40)]
    (tmp_path / "a.json").write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    assert call(tmp_path / "a.json", "-o", tmp_path / "b.json").status == 0
    assert json.loads((tmp_path / "b.json").read_text()) == [{**record, "text": STORY} for record in records]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[{"text": %s}, {"text": }, {"text": "x"}]', "record 2 is not JSON"),
        ('[{"text": %s}', "ends behind record 1 without a ]"),
        ('[{"text": %s} {"text": "x"}]', "no comma behind record 1"),
    ],
)
def test_a_broken_array_is_done_up_to_the_break(call: Caller, tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(content % TEXT)
    done = call(tmp_path / "a.json", "-o", tmp_path / "b.json")
    assert (done.status, reason in done.errors) == (3, True)
    assert json.loads((tmp_path / "b.json").read_text()) == [{"text": STORY}]


def test_skipped_items_leave_a_sound_array(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f'[\n  {{"no": 1}},\n  {{"text": {TEXT}}},\n  7,\n  {{"text": {TEXT}}}\n]\n')
    assert call(tmp_path / "a.json", "--on-error", "skip", "-o", tmp_path / "b.json").status == 3
    assert (tmp_path / "b.json").read_text() == f'[\n  {{"text": {CLEAN}}},\n  {{"text": {CLEAN}}}\n]\n'


# Tables


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_tables_keep_everything_but_the_text(
    call: Caller, tmp_path: Path, line_end: str, delimiter: str, mark: str
) -> None:
    suffix = "tsv" if delimiter == "\t" else "csv"
    rows = [
        ["id", "text", "é"],
        ["1", quoted(RAW), '"say ""no"""'],
        ["007", "Nothing here.", "“x”"],
        ["", '""', quoted("a\nb")],
        ["2", quoted(RAW), ""],
    ]
    source, target = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    source.write_bytes((mark + "".join(delimiter.join(row) + line_end for row in rows)).encode())
    assert call(source, "-o", target).status == 0
    for row in rows:
        row[1] = row[1].replace(quoted(RAW), quoted(STORY))
    assert target.read_bytes() == (mark + "".join(delimiter.join(row) + line_end for row in rows)).encode()


def test_tables_without_a_text_or_a_closing_quote(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    done = call(tmp_path / "a.csv", "-o", tmp_path / "b.csv")
    assert (done.status, "no column that is known to hold text" in done.errors) == (3, True)
    (tmp_path / "a.csv").write_text(f"id,text\n1,{quoted(RAW)}\n2\n3,{quoted(RAW)}\n")
    done = call(tmp_path / "a.csv", "-o", tmp_path / "b.csv")
    assert (done.status, "a.csv:8 (2): has too few fields" in done.errors) == (3, True)
    assert (tmp_path / "b.csv").read_text() == f"id,text\n1,{quoted(STORY)}\n2\n3,{quoted(STORY)}\n"


# Parquet


def arrow_table() -> pa.Table:
    count = 5
    columns = {
        "id": pa.array(range(count), pa.int32()),
        "when": pa.array([datetime.datetime(2025, 3, 20, 10, number) for number in range(count)], pa.timestamp("ms")),
        "price": pa.array([Decimal("1.50"), None, Decimal("2.25"), None, Decimal("-1.00")], pa.decimal128(9, 2)),
        "text": pa.array([RAW, STORY, None, RAW, ""], pa.large_string()),
        "tags": pa.array([["a", None], [], None, ["é"], ["x"]], pa.list_(pa.string())),
        "nested": pa.array([{"a": 1, "b": b"\x00"}] * count, pa.struct([("a", pa.int8()), ("b", pa.binary())])),
        "kind": pa.array(["x", "y", "x", None, "x"]).dictionary_encode(),
        "void": pa.nulls(count),
    }
    table = pa.table(columns)
    return table.replace_schema_metadata({"origin": "test", b"\xff": b"\x00"})


def cleaned_column(table: pa.Table) -> pa.Table:
    texts = [text.replace(RAW, STORY) if text else text for text in table.column("text").to_pylist()]
    place = table.schema.get_field_index("text")
    return table.set_column(place, table.schema.field("text"), pa.array(texts, table.schema.field("text").type))


@pytest.mark.parametrize("codec", ["snappy", "zstd", "none"])
def test_parquet_keeps_schema_and_columns(call: Caller, tmp_path: Path, codec: str) -> None:
    table = arrow_table()
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=2, compression=codec)
    assert call(tmp_path / "a.parquet", "-o", tmp_path / "b.parquet").status == 0
    result = pq.read_table(tmp_path / "b.parquet")
    assert result.schema.equals(pq.read_table(tmp_path / "a.parquet").schema, check_metadata=True)
    assert result.equals(cleaned_column(table))
    written = pq.ParquetFile(tmp_path / "b.parquet").metadata.row_group(0).column(0).compression
    assert written.lower() == ("uncompressed" if codec == "none" else codec)


@pytest.mark.parametrize("kind", [pa.string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_texts_of_every_arrow_type(call: Caller, tmp_path: Path, kind: pa.DataType) -> None:
    values = pa.array([RAW, None, STORY]).cast(pa.binary() if kind == pa.binary() else pa.string())
    column = values.dictionary_encode().cast(kind) if pa.types.is_dictionary(kind) else values
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet")
    assert call(tmp_path / "a.parquet", "-o", tmp_path / "b.parquet").status == 0
    result = pq.read_table(tmp_path / "b.parquet").column("text")
    assert result.type == kind
    assert result.cast(pa.string()).to_pylist() == [STORY, None, STORY]


def test_rows_that_are_skipped(call: Caller, tmp_path: Path) -> None:
    raws = [b"\x89PNG\r\n\x1a\n" + bytes(200) if number % 3 == 1 else RAW.encode() for number in range(8)]
    pq.write_table(pa.table({"n": list(range(8)), "text": raws}), tmp_path / "a.parquet", row_group_size=5)
    done = call(tmp_path / "a.parquet", "--on-error", "skip", "-o", tmp_path / "b.parquet")
    assert (done.status, done.errors.count("a.parquet:")) == (3, 3)
    assert pq.read_table(tmp_path / "b.parquet").column("n").to_pylist() == [0, 2, 3, 5, 6]
    assert call(tmp_path / "a.parquet", "-o", tmp_path / "b.parquet").status == 3
    assert pq.read_table(tmp_path / "b.parquet").column("text").to_pylist()[1] == raws[1]


def test_a_corrupt_row_group_is_named_and_the_others_done(call: Caller, tmp_path: Path) -> None:
    texts = [f"{number}. {RAW}" for number in range(9)]
    path = tmp_path / "a.parquet"
    pq.write_table(
        pa.table({"text": texts}),
        path,
        row_group_size=3,
        compression="zstd",
        use_dictionary=False,
        write_page_checksum=True,
    )
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = column.data_page_offset + column.total_compressed_size - 30
    content[start : start + 20] = bytes(20)
    path.write_bytes(content)
    done = call(path, "-o", tmp_path / "b.parquet")
    assert (done.status, "rows 4 to 6 (row group 1) cannot be read" in done.errors) == (3, True)
    assert pq.read_table(tmp_path / "b.parquet").num_rows == 6


def test_a_parquet_file_that_is_none(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"no parquet at all")
    done = call(tmp_path / "a.parquet", "-o", tmp_path / "b.parquet")
    assert (done.status, "is not Parquet" in done.errors) == (3, True)
    pq.write_table(arrow_table().slice(0, 0), tmp_path / "e.parquet")
    assert call(tmp_path / "e.parquet", "-o", tmp_path / "f.parquet").status == 0
    assert pq.read_table(tmp_path / "f.parquet").schema == arrow_table().schema


# Compression

COMPRESSIONS: dict[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    "gz": (gzip.compress, gzip.decompress),
    "bz2": (bz2.compress, bz2.decompress),
    "xz": (lzma.compress, lzma.decompress),
    "zst": (
        lambda data: zstandard.ZstdCompressor().compress(data),
        lambda data: zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read(),
    ),
}


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_compressed_data_sets(call: Caller, tmp_path: Path, suffix: str) -> None:
    compress, decompress = COMPRESSIONS[suffix]
    line = f'{{"text": {TEXT}}}\n'.encode()
    # Two members, one after the other, as many tools write them.
    (tmp_path / f"a.jsonl.{suffix}").write_bytes(compress(line * 3) + compress(line))
    assert call(tmp_path / f"a.jsonl.{suffix}", "-o", tmp_path / f"b.jsonl.{suffix}").status == 0
    assert decompress((tmp_path / f"b.jsonl.{suffix}").read_bytes()) == f'{{"text": {CLEAN}}}\n'.encode() * 4
    assert call("--input-format", "jsonl", stdin=compress(line)).output == f'{{"text": {CLEAN}}}\n'.encode()


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_cut_and_broken_compressed_data(call: Caller, tmp_path: Path, suffix: str) -> None:
    compress, _ = COMPRESSIONS[suffix]
    lines = b"".join(
        json.dumps({"n": number, "pad": str(zlib.crc32(bytes(number))), "text": RAW}).encode() + b"\n"
        for number in range(200)
    )
    whole = compress(lines[:9_000]) + compress(lines[9_000:])
    for damaged in (whole[:-30], whole[:-60] + bytes(60)):
        (tmp_path / f"a.jsonl.{suffix}").write_bytes(damaged)
        done = call(tmp_path / f"a.jsonl.{suffix}", "-o", tmp_path / "b.jsonl", "--force")
        assert done.status == 3
        assert f"a.jsonl.{suffix}: behind line" in done.errors
        assert "the compressed data is broken" in done.errors
        assert (tmp_path / "b.jsonl").read_bytes().count(b"\n") >= 30


def test_compressed_texts_and_pages(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt.gz").write_bytes(gzip.compress(RAW.encode()))
    (tmp_path / "raw/b.html.xz").write_bytes(lzma.compress(PAGE.encode()))
    assert call(tmp_path / "raw", "-o", tmp_path / "clean").status == 0
    assert (tmp_path / "clean/a.txt").read_text() == STORY
    assert STORY.strip() in (tmp_path / "clean/b.txt").read_text()


# From one format to another

RECORDS: list[dict[str, Any]] = [
    {"id": "a", "text": RAW, "é": "“x”\n"},
    {"id": "b", "text": STORY, "é": ""},
]


def write_records(path: Path) -> None:
    match path.suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
        case ".json":
            path.write_text(json.dumps(RECORDS), encoding="utf-8")
        case ".parquet":
            pq.write_table(pa.Table.from_pylist(RECORDS), path)
        case ".csv":
            lines = [",".join(RECORDS[0]), *(",".join(map(quoted, record.values())) for record in RECORDS)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_records(path: Path) -> list[dict[str, Any]]:
    import csv  # noqa: PLC0415

    match path.suffix:
        case ".jsonl":
            return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        case ".json":
            records: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
            return records
        case ".parquet":
            rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
            return rows
        case _:
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


SUFFIXES = ["jsonl", "json", "csv", "parquet"]


@pytest.mark.parametrize("target", [*SUFFIXES, "tsv"])
@pytest.mark.parametrize("source", SUFFIXES)
def test_conversions_keep_fields_and_order(call: Caller, tmp_path: Path, source: str, target: str) -> None:
    write_records(tmp_path / f"a.{source}")
    assert call(tmp_path / f"a.{source}", "-o", tmp_path / f"b.{target}").status == 0
    records = read_records(tmp_path / f"b.{target}")
    assert records == [{**RECORDS[0], "text": STORY}, RECORDS[1]]
    assert list(records[0]) == ["id", "text", "é"]


@pytest.mark.parametrize("target", [*SUFFIXES, "tsv"])
@pytest.mark.parametrize("source", SUFFIXES)
def test_removals_as_a_field(call: Caller, tmp_path: Path, source: str, target: str) -> None:
    write_records(tmp_path / f"a.{source}")
    assert call("--removed", "--with-source", tmp_path / f"a.{source}", "-o", tmp_path / f"b.{target}").status == 0
    first, second = read_records(tmp_path / f"b.{target}")
    assert list(first) == ["id", "text", "é", "removed", "source"]
    removed = [
        json.loads(record["removed"]) if isinstance(record["removed"], str) else record["removed"]
        for record in (first, second)
    ]
    assert removed[1] == []
    assert [item["label"] for item in removed[0]] == ["appeal", "social"]
    assert list(removed[0][0]) == ["start", "end", "label", "rule", "element"]
    assert first["source"] == RAW
    assert RAW[removed[0][1]["start"] : removed[0][1]["end"]].strip() == SHARE.strip()


def test_directories_into_one_data_set(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw/a.txt").write_text(RAW)
    (tmp_path / "raw/b.html").write_text(PAGE)
    (tmp_path / "raw/c.jsonl").write_text(json.dumps(RECORDS[0]))
    for target in ("all.jsonl", "all.parquet"):
        assert call(tmp_path / "raw", "-o", tmp_path / target).status == 0
        records = read_records(tmp_path / target)
        assert [record.get("file", record.get("id")) for record in records][:2] == [
            str(tmp_path / "raw/a.txt"),
            str(tmp_path / "raw/b.html"),
        ]
        assert (records[0]["text"], records[1]["metadata"]["title"], records[2]["id"]) == (STORY, "River rises", "a")


def test_a_table_has_one_set_of_columns(call: Caller, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "b", "more": 1}\n')
    done = call(tmp_path / "a.jsonl", "-o", tmp_path / "b.csv")
    assert (done.status, "has a field 'more'" in done.errors) == (3, True)
    assert call(tmp_path / "a.jsonl", "-o", tmp_path / "b.parquet").status == 0
    assert read_records(tmp_path / "b.parquet") == [{"text": "a", "more": None}, {"text": "b", "more": 1}]


def test_texts_of_a_data_set(call: Caller, tmp_path: Path) -> None:
    write_records(tmp_path / "a.jsonl")
    assert call("--format", "text", tmp_path / "a.jsonl").output.decode() == f"{STORY}\n{STORY}"


def test_data_sets_on_standard_output(call: Caller, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        write_records(tmp_path / f"a.{suffix}")
        done = call(tmp_path / f"a.{suffix}")
        assert (done.status, done.errors) == (0, "")
        expected = "jsonl" if suffix == "parquet" else suffix
        (tmp_path / f"out.{expected}").write_bytes(done.output)
        assert read_records(tmp_path / f"out.{expected}")[0] == {**RECORDS[0], "text": STORY}


# WARC


def warc_record(kind: WarcRecordType, url: str, head: str, body: bytes) -> bytes:
    record = WarcRecord()
    record.init_headers(kind)
    record.headers["WARC-Target-URI"] = url
    record.headers["WARC-Date"] = "2025-03-20T10:00:00Z"
    if head:
        record.headers["Content-Type"] = "application/http; msgtype=response"
    record.set_bytes_content(f"{head}\r\n\r\n".encode() + body if head else body)
    buffer = io.BytesIO()
    record.write(buffer)
    return buffer.getvalue()


def response(url: str, body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers])
    return warc_record(WarcRecordType.response, url, head, body)


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 500] for start in range(0, len(body), 500)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def archive() -> list[bytes]:
    page = PAGE.encode()
    zipped = gzip.compress(page)
    return [
        warc_record(WarcRecordType.warcinfo, "", "", b"software: test"),
        warc_record(WarcRecordType.request, "http://a/1", "GET / HTTP/1.1\r\nHost: a", b""),
        response("http://a/1", page, kind="text/html; charset=utf-8"),
        response("http://a/2", chunked(zipped), "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
        response("http://a/3", b"\x89PNG", kind="image/png"),
        response("http://a/4", zipped[:-40], "Content-Encoding: gzip"),
        response("http://a/5", b"zz\r\nnot chunked", "Transfer-Encoding: chunked"),
        response("http://a/6", page, status="404 Not Found"),
        response("http://a/7", page.replace(b"River", "Überflut".encode("latin-1")), kind="text/html; charset=latin-1"),
        response("http://a/8", b"<html><frameset><frame src=a></frameset></html>"),
        response("http://a/9", zlib.compress(page), "Content-Encoding: deflate"),
    ]


@pytest.mark.parametrize("is_zipped", [True, False])
@pytest.mark.parametrize("target", ["jsonl", "parquet"])
def test_pages_of_an_archive(call: Caller, tmp_path: Path, is_zipped: bool, target: str) -> None:
    path = tmp_path / ("a.warc.gz" if is_zipped else "a.warc")
    path.write_bytes(b"".join(gzip.compress(record) if is_zipped else record for record in archive()))
    done = call(path, "-o", tmp_path / f"b.{target}")
    assert done.status == 3
    for number, url, reason in ((6, 4, "is broken"), (7, 5, "is broken"), (10, 8, "no article")):
        assert f"{path.name}:{number} (http://a/{url}): " in done.errors
        assert reason in done.errors
    records = read_records(tmp_path / f"b.{target}")
    assert [record["url"] for record in records] == [f"http://a/{number}" for number in (1, 2, 4, 5, 7, 8, 9)]
    assert [bool(record["text"]) for record in records] == [True, True, False, False, True, False, True]
    assert {record["crawled"] for record in records} == {"2025-03-20T10:00:00Z"}
    assert records[4]["title"] == "Überflut rises"
    assert STORY.strip() in records[1]["text"]


def test_a_cut_archive(call: Caller, tmp_path: Path) -> None:
    content = b"".join(gzip.compress(record) for record in archive()[:4])
    (tmp_path / "a.warc.gz").write_bytes(content[:-200])
    done = call(tmp_path / "a.warc.gz", "-o", tmp_path / "b.jsonl")
    assert (done.status, "a.warc.gz: behind record 4" in done.errors) == (3, True)
    assert "a.warc.gz:4 (http://a/2): is broken" in done.errors
    assert [bool(record["text"]) for record in read_records(tmp_path / "b.jsonl")] == [True, False]


def test_a_saved_page(call: Caller, tmp_path: Path) -> None:
    mail = (
        "From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + PAGE.replace("=", "=3D").replace("<p>", "<p>=\r\n")
        + "\r\n--x\r\nContent-Type: image/png\r\n\r\nx\r\n--x--\r\n"
    )
    (tmp_path / "a.mhtml").write_text(mail)
    assert STORY.strip() in call(tmp_path / "a.mhtml").output.decode()
    (tmp_path / "b.mhtml").write_text("From: nobody\r\n\r\nnothing")
    done = call(tmp_path / "b.mhtml")
    assert (done.status, "is no saved web page" in done.errors) == (3, True)
