"""From bytes or a web page to text and metadata.

Importing this costs next to nothing: what reads pages is loaded when the first page comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleannews.extract.decode import decode
from cleannews.extract.extractor import Extractor
from cleannews.extract.recognise import is_html

if TYPE_CHECKING:
    from cleannews.extract.page import Page

__all__ = ["Extractor", "decode", "extract_page", "is_html"]


def extract_page(page: str, extractor: Extractor = Extractor.AUTO) -> Page:
    """Return the article's text and metadata.

    Raises:
        NoArticleError: the page has no text to give.
    """
    from cleannews.extract.page import extract_page as read  # noqa: PLC0415

    return read(page, extractor)
