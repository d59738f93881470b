"""A web page with its pictures in one file, as browsers save it: a mail whose first HTML part is the page."""

from __future__ import annotations

from collections.abc import Iterator

from cleannews.batch.formats.base import Source
from cleannews.batch.formats.document import Document
from cleannews.batch.records import Record, UnusableInputError


def read(source: Source) -> Iterator[Record]:
    """Yield the page.

    Raises:
        UnusableInputError: there is none.
    """
    import email  # noqa: PLC0415
    import email.policy  # noqa: PLC0415

    message = email.message_from_binary_file(source.stream, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                page = _decoded(content, part.get_content_charset())
                yield Record(source.input, 1, page, Document(source.input.name))
                return
    raise UnusableInputError("is no saved web page: it has no HTML part")


def _decoded(content: bytes, charset: str | None) -> str | bytes:
    """Return the page in its declared encoding; its bytes, if that does not fit."""
    try:
        return content.decode(charset) if charset else content
    except (LookupError, UnicodeDecodeError):
        return content
