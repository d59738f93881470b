"""Compressed files, read by what they are and written by what they are called.

Written files are made of independent members, so that a run can be taken up between two of them; every
decompressor reads such files. Nothing in them depends on the time or the machine.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from cleannews.batch.records import UnusableInputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES = (".gz", ".zst", ".bz2", ".xz")
"""The endings of names that ask for compression."""

MAGIC = {b"\x1f\x8b": ".gz", b"\x28\xb5\x2f\xfd": ".zst", b"BZh": ".bz2", b"\xfd7zXZ\x00": ".xz"}
"""How compressed files begin."""

GZIP_LEVEL = 6
"""The level of gzip itself: 9 takes twice the time for one part in a hundred."""

CHUNK_BYTES = 64 * 1024
"""What is read at once."""


class Compressor(Protocol):
    """Compresses what it is given, a member after the other."""

    def compress(self, data: bytes) -> bytes:
        """Return what `data` adds to the file."""
        ...

    def end_member(self) -> bytes:
        """Return what ends the member; what follows begins another."""
        ...


class _Member(Protocol):
    """What the libraries' compressors have in common."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Members:
    def __init__(self, new: Callable[[], _Member]) -> None:
        self._new = new
        self._member: _Member | None = None

    def compress(self, data: bytes) -> bytes:
        self._member = self._member or self._new()
        return self._member.compress(data)

    def end_member(self) -> bytes:
        if self._member is None:
            return b""
        rest, self._member = self._member.flush(), None
        return rest


class _Plain:
    def compress(self, data: bytes) -> bytes:
        return data

    def end_member(self) -> bytes:
        return b""


def compressor(suffix: str) -> Compressor:
    """Return the compressor for the last ending of a file's name.

    Raises:
        UnusableInputError: its library is not installed.
    """
    match suffix.lower():
        case ".gz":
            import zlib  # noqa: PLC0415

            # The negative of a window's size would leave out the header; 16 more asks for gzip's.
            return _Members(lambda: zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16))
        case ".bz2":
            import bz2  # noqa: PLC0415

            return _Members(bz2.BZ2Compressor)
        case ".xz":
            import lzma  # noqa: PLC0415

            return _Members(lzma.LZMACompressor)
        case ".zst":
            zstandard = _zstandard()
            return _Members(lambda: cast("_Member", zstandard.ZstdCompressor().compressobj()))
        case _:
            return _Plain()


def decompressed(stream: BinaryIO) -> BinaryIO:
    """Return a stream of the content of `stream`, whatever that is compressed with; reading may raise `damage()`.

    Raises:
        OSError: it cannot be read.
        UnusableInputError: it is compressed in a way whose library is not installed.
    """
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(cast("Any", stream), CHUNK_BYTES)
    head = cast("io.BufferedReader", buffered).peek(8)[:8]
    suffix = next((suffix for magic, suffix in MAGIC.items() if head.startswith(magic)), "")
    if not suffix:
        return buffered
    return io.BufferedReader(_Decompressing(buffered, _decompressor(suffix)), CHUNK_BYTES)


def _decompressor(suffix: str) -> Callable[[], Any]:
    match suffix:
        case ".gz":
            import zlib  # noqa: PLC0415

            return lambda: zlib.decompressobj(zlib.MAX_WBITS + 16)
        case ".bz2":
            import bz2  # noqa: PLC0415

            return bz2.BZ2Decompressor
        case ".xz":
            import lzma  # noqa: PLC0415

            return lzma.LZMADecompressor
        case _:
            zstandard = _zstandard()
            return lambda: zstandard.ZstdDecompressor().decompressobj()


def damage() -> tuple[type[Exception], ...]:
    """Return the exceptions that mean that compressed data is cut or broken."""
    return (EOFError, DamageError)


class DamageError(Exception):
    """Compressed data is broken."""


class _Decompressing(io.RawIOBase):
    """Reads member after member. A cut or broken one is an error, wherever it is.

    The libraries' own files take a broken member that is not the first for something that happens to stand behind the
    data, and leave it out without a word.
    """

    def __init__(self, stream: BinaryIO, new: Callable[[], Any]) -> None:
        self._stream = stream
        self._new = new
        self._member: Any = None
        self._ready = memoryview(b"")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._ready:
            chunk = self._rest or self._stream.read(CHUNK_BYTES)
            self._rest = b""
            if not chunk:
                if self._member is not None:
                    raise EOFError("it ends too early")
                return 0
            self._ready = memoryview(self._content(chunk))
        view = memoryview(buffer)
        size = min(len(view), len(self._ready))
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _content(self, chunk: bytes) -> bytes:
        if self._member is None:
            # Some tools fill up with zeros behind a member.
            chunk = chunk.lstrip(b"\0")
            if not chunk:
                return b""
            self._member = self._new()
        try:
            content: bytes = self._member.decompress(chunk)
        except Exception as error:  # each library has its own
            raise DamageError(str(error)) from error
        if self._member.eof:
            self._rest = self._member.unused_data
            self._member = None
        return content


def _zstandard() -> Any:  # noqa: ANN401  (a module that may be missing)
    try:
        import zstandard  # noqa: PLC0415
    except ImportError:
        raise UnusableInputError("zstd needs another library: pip install 'cleannews[zstd]'") from None
    return zstandard
