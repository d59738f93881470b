"""WARC, what crawlers write: each page among the responses is a record with its address and its time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cleannews.batch.formats.base import Source
from cleannews.batch.records import Record, UnusableInputError
from cleannews.document import Metadata

if TYPE_CHECKING:
    from fastwarc.warc import ArchiveIterator, WarcRecord

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_DEFLATED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How gzip data and zlib data begin."""

_SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True)
class Response:
    """The carrier of a page.

    Attributes:
        id: the record's id.
        url: the address that was asked.
        crawled: when, as the archive says it.

    """

    id: str | None
    url: str | None
    crawled: str | None
    text_field: str | None = field(default="text")

    def fields(self) -> dict[str, Any] | None:
        """Return what the archive knows, and room for the text."""
        known = {"id": self.id, "url": self.url, "crawled": self.crawled}
        return known | {item.name: None for item in fields(Metadata) if item.name != "url"} | {"text": None}


def read(source: Source) -> Iterator[Record]:
    """Yield the pages, numbered by their place among all records of the archive.

    Raises:
        UnusableInputError: the archive is cut or broken where records cannot be told apart.
    """
    number = 0
    archive = iter(_archive(source))
    while True:
        try:
            item = next(archive, None)
        except (OSError, ValueError) as error:
            raise UnusableInputError(str(error)) from None
        if item is None:
            break
        number += 1
        record = _record(source, number, item)
        if record is not None:
            yield record
        elif item.reader.consume() < item.content_length:
            raise UnusableInputError(f"ends in the middle of record {number}")


class _Forward:
    """A stream for a reader that asks where it is, of one that cannot tell."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        # What a damaged stream still has before the damage, another way of reading would lose.
        content = self._stream.read1(size)
        self._position += len(content)
        return content

    def tell(self) -> int:
        return self._position


def _archive(source: Source) -> ArchiveIterator:
    try:
        from fastwarc.warc import ArchiveIterator  # noqa: PLC0415
    except ImportError:
        raise UnusableInputError("WARC needs another library: pip install 'cleannews[warc]'") from None
    return ArchiveIterator(cast("BinaryIO", _Forward(cast("io.BufferedIOBase", source.stream))), parse_http=False)


def _record(source: Source, number: int, item: WarcRecord) -> Record | None:
    from fastwarc.warc import WarcRecordType  # noqa: PLC0415

    if item.record_type != WarcRecordType.response or not item.is_http:
        return None
    url = item.headers.get("WARC-Target-URI")
    carrier = Response(item.record_id, url, item.headers.get("WARC-Date"))
    try:
        item.parse_http()
        if not _is_page(item):
            return None
        raw = _body(item)
    except (OSError, ValueError, EOFError, zlib.error) as error:
        return Record(source.input, number, None, carrier, trouble=f"is broken: {error}", label=url)
    page = _decoded(raw, item.http_charset)
    return Record(source.input, number, page, carrier, label=url, takes_metadata=True)


def _body(item: WarcRecord) -> bytes:
    """Return a response's body as it was before the server sent it.

    It is read as it lies there and decoded afterwards: a body that is broken must not take the archive's reader along.

    Raises:
        OSError, ValueError, EOFError, zlib.error: it is cut or broken.
    """
    from fastwarc.stream_io import BrotliReader, ChunkedReader  # noqa: PLC0415

    body = item.reader.read()
    if len(body) < item.content_length:
        raise EOFError("the archive ends in its middle")
    headers = item.http_headers
    codings = f"{headers.get('Content-Encoding') or ''},{headers.get('Transfer-Encoding') or ''}".lower()
    for coding in reversed([coding.strip() for coding in codings.split(",")]):
        if coding == "chunked":
            body = ChunkedReader(io.BytesIO(body)).read()
        elif coding in {"gzip", "x-gzip", "deflate"}:
            body = _inflated(body)
        elif coding == "br":
            body = BrotliReader(io.BytesIO(body)).read()
        elif coding not in {"", "identity"}:
            raise ValueError(f"content encoding {coding}")
    return body


def _inflated(body: bytes) -> bytes:
    """Return the content of gzip or zlib data, or of what archives often hold: a body that was decoded already."""
    if not body.startswith(_DEFLATED):
        return body
    # The window's size, and 32 for whichever header there is.
    stream = zlib.decompressobj(zlib.MAX_WBITS + 32)
    content = stream.decompress(body)
    if not stream.eof:
        raise EOFError("the compressed body is cut")
    return content


def _is_page(item: WarcRecord) -> bool:
    kind = (item.http_content_type or "").partition(";")[0].strip().lower()
    return kind in PAGE_TYPES and item.http_headers.status_code in _SUCCESS


def _decoded(raw: bytes, charset: str | None) -> str | bytes:
    """Return the page in the encoding that the server declared; its bytes, if that does not fit."""
    try:
        return raw.decode(charset) if charset else raw
    except (LookupError, UnicodeDecodeError):
        return raw
