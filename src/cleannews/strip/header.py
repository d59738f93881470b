"""The header that scrapers write above a text (` date 2025-03-20 `, `URL: …`): it leaves it and becomes metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cleannews.document import Metadata

_FIELDS = {
    "date": "date",
    "published": "date",
    "published at": "date",
    "publication date": "date",
    "pubdate": "date",
    "publish_date": "date",
    "url": "url",
    "link": "url",
    "source url": "url",
    "title": "title",
    "headline": "title",
    "author": "author",
    "authors": "author",
    "byline": "author",
    "source": "site",
    "publisher": "site",
    "site": "site",
    "domain": "site",
    "language": "language",
    "lang": "language",
}
"""What scrapers call a field, and which field of `Metadata` it is."""

_NAMES = "|".join(sorted((re.escape(name) for name in _FIELDS), key=len, reverse=True))
_DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?)?"
_DELIMITED = re.compile(rf"\s*(date|published|url|link)(?: *[:=] *| +)({_DATE}|https?://\S+)(?=\s|$)", re.IGNORECASE)
"""A date or address says itself where it ends, so the text may go on behind it on the same line."""

_LINE = re.compile(rf"\s*({_NAMES}) *[:=] *(\S[^\n]{{0,300}})(?:\n|$)", re.IGNORECASE)
"""Any other field takes its line, and only counts beside one that is delimited: a story may begin with "Title: …"."""


@dataclass(frozen=True, slots=True)
class Header:
    """A scrape header: where it ends in the source, and what it said."""

    end: int
    metadata: Metadata


def read_header(source: str) -> Header | None:
    """Return the header at the very top of `source`, or None if there is none."""
    fields: dict[str, str] = {}
    position = 0
    sure = False
    while True:
        match = _DELIMITED.match(source, position)
        sure = sure or match is not None
        match = match or _LINE.match(source, position)
        if match is None:
            break
        fields.setdefault(_FIELDS[match.group(1).lower()], match.group(2).strip())
        position = match.end()
    if not sure:
        return None
    while position < len(source) and source[position].isspace():
        position += 1
    known: Any = fields
    return Header(position, Metadata(**known))
