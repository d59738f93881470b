"""The public face: raw text or bytes in, an Article out."""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from cleannews.document import REMOVED_BY_DEFAULT, Article, Label, Metadata, UnknownLabelError
from cleannews.extract import Extractor, decode, extract_page, is_html
from cleannews.rules import load_rules
from cleannews.strip import load_scorer, spliced, strip


class Cleaner:
    """Cleans articles under one set of options. Compiled once, reusable, and safe to share between threads."""

    def __init__(
        self,
        *,
        keep: Iterable[str | Label] = (),
        remove: Iterable[str | Label] = (),
        rules: Iterable[str | os.PathLike[str]] = (),
        extractor: str | Extractor = Extractor.AUTO,
    ) -> None:
        """Load the rules and the model.

        Args:
            keep: labels that stay although they are removed by default.
            remove: labels that go although they are kept by default; `keep` wins.
            rules: paths of rule packs to use besides the built-in ones.
            extractor: how a page's text is found: `auto`, `rules`, `trafilatura` or `soup`. Plain text needs none.

        Raises:
            UnknownLabelError: `keep` or `remove` names a label that does not exist.
            RulePackError: a rule pack cannot be used.
            OSError: a rule pack cannot be read.
            ValueError: there is no such extractor.
        """
        self._removed = (REMOVED_BY_DEFAULT | _labels(remove)) - _labels(keep)
        self._extractor = Extractor(extractor)
        self._rules = load_rules(rules)
        self._scorer = load_scorer()

    def clean(self, raw: str | bytes) -> Article:
        """Return the clean article of `raw`, a text or a page, decoded if it is bytes.

        Raises:
            UnreadableInputError: the bytes are not text.
            NoArticleError: it is a page without an article.
        """
        text = decode(raw) if isinstance(raw, bytes) else raw
        metadata = Metadata()
        if is_html(text):
            page = extract_page(text, self._extractor)
            text, metadata = page.text, page.metadata
        stripped = strip(text, self._rules, self._removed, self._scorer)
        return Article(
            text=spliced(text, ((removal.start, removal.end) for removal in stripped.removals)),
            source=text,
            removals=stripped.removals,
            metadata=metadata if metadata != Metadata() else stripped.metadata,
        )


def clean(raw: str | bytes) -> Article:
    """Return the clean article of `raw`, a text or a page, under the default options.

    Raises:
        UnreadableInputError: the bytes are not text.
        NoArticleError: it is a page without an article.
    """
    return _default_cleaner().clean(raw)


@cache
def _default_cleaner() -> Cleaner:
    return Cleaner()


def _labels(names: Iterable[str | Label]) -> frozenset[Label]:
    return frozenset(_label(name) for name in names)


def _label(name: str | Label) -> Label:
    try:
        return Label(name)
    except ValueError:
        near = get_close_matches(name, list(Label), n=1)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise UnknownLabelError(f"no label is called {name!r}{hint} The labels are {', '.join(Label)}.") from None
