"""Pages in envelopes: what browsers save as MHTML, which is a mail message with the page as its first part."""

from __future__ import annotations

import re

# How the file of a browser begins: headers of mail, of which these two are always there.
HEAD_CHARS = 4096
MHTML = re.compile(r"^(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*multipart/related\s*;", re.IGNORECASE)
VERSION = re.compile(r"^mime-version:", re.IGNORECASE | re.MULTILINE)


def is_mhtml(text: str) -> bool:
    """Say whether a text is a page saved as MHTML."""
    head = text[:HEAD_CHARS].replace("\r\n", "\n").lstrip("\ufeff")
    return bool(MHTML.match(head)) and bool(VERSION.search(head))


def page_in_mhtml(text: str) -> str | None:
    """Return the page in an MHTML file, or None if there is none. Its pictures and frames are not looked at."""
    from email import message_from_string, policy  # noqa: PLC0415  (slow, and for envelopes alone)
    from email.errors import MessageError  # noqa: PLC0415

    try:
        message = message_from_string(text, policy=policy.default)
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    charset = part.get_content_charset("utf-8")
                    return _decoded(payload, charset)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return None
    return None


def _decoded(payload: bytes, charset: str) -> str:
    from cleannews.extract.decode import decode  # noqa: PLC0415

    try:
        return payload.decode(charset)
    except (LookupError, UnicodeError):
        return decode(payload)
