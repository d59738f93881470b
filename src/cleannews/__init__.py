"""cleannews: raw scraped news text or HTML in, the clean article out.

import cleannews
article = cleannews.clean(raw)
article.text        # the clean article
article.removals    # what was taken out of article.source, and why
"""

from cleannews.cleaner import Cleaner, clean
from cleannews.document import (
    Article,
    CleannewsError,
    Label,
    Markup,
    MarkupKind,
    Metadata,
    NoArticleError,
    Removal,
    RulePackError,
    UnknownLabelError,
    UnreadableInputError,
)
from cleannews.markdown import to_markdown

__version__ = "0.1.0"

__all__ = [
    "Article",
    "Cleaner",
    "CleannewsError",
    "Label",
    "Markup",
    "MarkupKind",
    "Metadata",
    "NoArticleError",
    "Removal",
    "RulePackError",
    "UnknownLabelError",
    "UnreadableInputError",
    "__version__",
    "clean",
    "to_markdown",
]
