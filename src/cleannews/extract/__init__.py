"""From bytes or a web page to text and metadata.

Importing this costs next to nothing: the libraries that read pages are loaded when the first page comes.
"""

from cleannews.extract.decode import decode
from cleannews.extract.page import Extractor, Page, extract_page
from cleannews.extract.recognise import is_html

__all__ = ["Extractor", "Page", "decode", "extract_page", "is_html"]
